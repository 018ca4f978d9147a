import type { KafkaMessage } from 'kafkajs';
import type { OutgoingEmail } from '../outbox/publisher.js';
import { SmtpError, type SmtpErrorCode } from '../publishers/smtp/smtp-error.js';
import { headerTexts, readMessage, type Unreadable } from './read-message.js';
import type { SentLog } from './sent-log.js';

/** Why an email is not sent: what the server said of it, or what it is. */
export type FailureReason =
  Extract<SmtpErrorCode, 'deferred' | 'refused' | 'no-answer'> | 'expired' | Unreadable;

export interface Failure {
  reason: FailureReason;
  /** The server's code and its masked words. */
  detail?: string;
  /** Failures so far, this one included. */
  attempt: number;
}

/** What became of one message. */
export type Outcome =
  | { status: 'sent'; again: boolean }
  | { status: 'repeated' }
  /** To be tried later. */
  | ({ status: 'deferred' } & Failure)
  | ({ status: 'dead' } & Failure)
  /** Another process is sending it: look again after so many milliseconds. */
  | { status: 'elsewhere'; for: number }
  /** Nothing is wrong with it: the server is away. */
  | { status: 'outage'; error: SmtpError };

export interface DeliverContext {
  sentLog: SentLog;
  /** Resolves once the server has accepted the mail. @throws SmtpError */
  send(email: OutgoingEmail): Promise<void>;
  /** Failures after which a deferred email is dead. */
  maxAttempts: number;
}

/**
 * One message to one mail (contract, section 4, "The email, delivered"). What is sent was never sent before, as far as
 * the log of sent emails reaches; a link that has expired is not sent at all.
 */
export async function deliver(context: DeliverContext, message: KafkaMessage): Promise<Outcome> {
  const { sentLog, maxAttempts } = context;
  const failing = (): number => attemptsOf(message) + 1;
  const read = readMessage(message);
  if (!read.ok) return { status: 'dead', reason: read.reason, attempt: failing() };
  const { email } = read;
  const { 'event-id': eventId, 'expires-at': expiresAt } = email.headers;
  if (expiresAt && Date.parse(expiresAt) <= Date.now())
    return { status: 'dead', reason: 'expired', attempt: failing() };
  const claim = await sentLog.claim(eventId);
  if (claim.state === 'sent') return { status: 'repeated' };
  if (claim.state === 'sending') return { status: 'elsewhere', for: claim.for };
  try {
    await context.send(email);
  } catch (error) {
    const mayHaveArrived = error instanceof SmtpError && error.mayHaveArrived;
    await (mayHaveArrived ? sentLog.lapse(eventId) : sentLog.release(eventId));
    if (!(error instanceof SmtpError)) throw error;
    if (error.outage) return { status: 'outage', error };
    const attempt = failing();
    const reason = error.code as Failure['reason'];
    const status = reason === 'refused' || attempt >= maxAttempts ? 'dead' : 'deferred';
    return { status, reason, detail: error.message, attempt };
  }
  await sentLog.sent(eventId);
  return { status: 'sent', again: claim.state === 'again' };
}

/** Failures so far, as the header of the retry topic counts them. */
export function attemptsOf(message: Pick<KafkaMessage, 'headers'>): number {
  const { attempt = '' } = headerTexts(message);
  return /^\d{1,6}$/.test(attempt) ? Number(attempt) : 0;
}

/** When a message of the retry topic is due, in milliseconds since the epoch. */
export function dueAt(message: Pick<KafkaMessage, 'headers'>): number {
  return Date.parse(headerTexts(message)['not-before'] ?? '') || 0;
}
