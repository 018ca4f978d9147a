import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaMessage, Message } from 'kafkajs';
import { backoff } from '../backoff.js';
import { describeError, type LogData, type Logger } from '../logger.js';
import { KafkaError } from '../publishers/kafka/kafka-error.js';
import type { Failure, Outcome } from './deliver.js';
import { headerTexts } from './read-message.js';
import type { TopicWriter } from './topic-writer.js';
import type { MailTopics } from './topics.js';
import type { Entry } from './waiting-room.js';

export interface MailerCounts {
  /** Accepted by the server. */
  sent: number;
  /** Of those: sent although an earlier try never said how it ended; perhaps for the second time. */
  again: number;
  /** Not sent, for they were sent before. */
  repeated: number;
  /** Written to the retry topic. */
  deferred: number;
  /** Written to the dead topic. */
  dead: number;
}

export interface SettlerOptions {
  writer: TopicWriter;
  topics: MailTopics;
  /** Between the tries of one deferred email. */
  retryBackoff: { first: number; most: number };
  counts: MailerCounts;
  logger: Logger;
  /** Told of each mail sent: seconds since its email was written to the outbox, where the message says. */
  onSent: ((seconds: number | undefined) => void) | undefined;
  /** While Kafka takes no message. */
  outage: { first: number; most: number };
  /** Ends the trying. */
  givingUp: AbortSignal;
}

type Settled = Extract<Outcome, { status: 'sent' | 'repeated' | 'deferred' | 'dead' }>;

/**
 * Counts and logs what became of a message, and brings it to the topic where it goes on. Resolves with whether it is done
 * with here: nothing is committed before it stands on the other topic, however long Kafka is away.
 */
export async function settleOutcome(
  options: SettlerOptions,
  { lane, message }: Entry,
  outcome: Settled,
): Promise<boolean> {
  if (outcome.status === 'sent' || outcome.status === 'repeated') {
    count(options, message, outcome);
    return true;
  }
  const { counts, logger, outage, givingUp } = options;
  const { status, reason, detail, attempt } = outcome;
  for (let failures = 1; !lane.closed; failures++) {
    try {
      await divert(options, message, outcome);
      counts[status] += 1;
      const data = { ...describe(message), reason, detail, attempts: attempt };
      if (status === 'dead') logger.error({ event: 'mailer.dead', ...data }, 'Email is dead');
      else logger.warn({ event: 'mailer.deferred', ...data }, 'Email deferred, will be tried again');
      return true;
    } catch (error) {
      if (failures === 1)
        logger.error(
          { event: 'mailer.divert-failed', error: describeError(error) },
          'Kafka takes no message',
        );
      if (givingUp.aborted) return false;
      await delay(backoff(failures, outage), undefined, { signal: givingUp }).catch(() => undefined);
    }
  }
  return false;
}

/**
 * Writes what could not be sent to the retry topic, with the time of its next try, or to the dead one. As it came, with
 * the reason in its headers.
 */
async function divert(
  { writer, topics, retryBackoff }: SettlerOptions,
  message: KafkaMessage,
  { status, reason, detail, attempt }: Failure & { status: 'deferred' | 'dead' },
): Promise<void> {
  const { 'not-before': _, ...headers } = message.headers ?? {};
  const now = Date.now();
  const next = new Date(now + backoff(attempt, retryBackoff)).toISOString();
  await append(writer, status === 'dead' ? topics.dead : topics.retry, {
    key: message.key,
    value: message.value,
    headers: {
      ...headers,
      reason,
      attempt: String(attempt),
      'failed-at': new Date(now).toISOString(),
      ...(detail === undefined ? {} : { detail }),
      ...(status === 'dead' ? {} : { 'not-before': next }),
    },
  });
}

/** Somebody's message may fit the topic it came on, and with our headers no other. */
async function append(writer: TopicWriter, topic: string, message: Message): Promise<void> {
  try {
    await writer.write(topic, [message]);
  } catch (error) {
    if (!(error instanceof KafkaError && error.isMessageFault)) throw error;
    const headers = { ...message.headers, 'value-left-out': String(message.value?.length ?? 0) };
    await writer.write(topic, [{ ...message, value: null, headers }]);
  }
}

function count(
  { counts, logger, onSent }: SettlerOptions,
  message: KafkaMessage,
  outcome: Extract<Outcome, { status: 'sent' | 'repeated' }>,
): void {
  const headers = headerTexts(message);
  const about = describe(message, headers);
  if (outcome.status === 'repeated') {
    counts.repeated += 1;
    logger.info({ event: 'mailer.repeated', ...about }, 'Sent before, and not again');
    return;
  }
  counts.sent += 1;
  const written = Date.parse(headers['created-at'] ?? '');
  onSent?.(Number.isNaN(written) ? undefined : Math.max(0, Date.now() - written) / 1000);
  if (outcome.again) {
    counts.again += 1;
    logger.warn(
      { event: 'mailer.sent-again', ...about },
      'An earlier try never ended, by a crash perhaps: sent, maybe for the second time',
    );
  } else {
    logger.info({ event: 'mailer.sent', ...about }, 'Mail sent');
  }
}

/** What a log line may say of a message: the user's id, the event id. */
function describe(message: KafkaMessage, headers = headerTexts(message)): Omit<LogData, 'event'> {
  const { 'event-id': eventId } = headers;
  return { eventId: eventId?.slice(0, 100), userId: message.key?.toString().slice(0, 40) };
}
