import { SmtpError } from './smtp-error.js';
import type { Mail, SmtpPool } from './smtp-pool.js';

/** Sends mails, and tells a server that is away from a mail that no server gets through with. */
export interface SmtpSender {
  /** Resolves once the server has accepted the mail. @throws SmtpError */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
  /** A connection broke on this mail before, or it was answered 421. */
  hasBroken(messageId: string): boolean;
}

/** Remembered at once: in an outage as many break as are sent side by side. */
const mostBroken = 1_000;

/** Of one mail, with others accepted before each: a server that is busy says it to anybody now and then. */
const mostBusy = 4;

/** What is known of a mail on which a connection broke. */
interface Break {
  /** How many others had been accepted then. */
  accepted: number;
  /** All of it had been handed over. */
  mayHaveArrived: boolean;
}

/** What is known of a mail that was answered 421. */
interface Busy {
  /** How many others had been accepted at the last time. */
  accepted: number;
  /** How often, with others accepted before. */
  times: number;
}

/**
 * A connection that breaks is an outage, unless it breaks on one mail alone: waiting for the server would then hold up
 * everybody for good. It is that mail's own fault (`no-answer`) where it broke on it again, the server can be reached,
 * and either others were accepted in between, or all of the mail had been handed over both times: it may lie in the
 * inbox twice by then, and an outage would repeat it every few seconds. Nor is 421 one that a server answers to one
 * mail again and again while it takes those of others, at whatever stage (nodemailer does not tell): it is `deferred` then.
 */
export function createSmtpSender(pool: Pick<SmtpPool, 'send' | 'check'>): SmtpSender {
  let accepted = 0;
  /** By message id. */
  const broken = new Map<string, Break>();
  const busy = new Map<string, Busy>();

  async function judge(error: SmtpError, { messageId }: Mail): Promise<SmtpError> {
    const before = broken.get(messageId);
    const { mayHaveArrived } = error;
    if (!before) {
      if (broken.size < mostBroken) broken.set(messageId, { accepted, mayHaveArrived });
      return error;
    }
    const isItsOwn = accepted > before.accepted || (mayHaveArrived && before.mayHaveArrived);
    before.mayHaveArrived ||= mayHaveArrived;
    if (!isItsOwn || !(await isReachable())) return error;
    // At its next tries nobody else need be on the way to show it.
    before.accepted = -1;
    const message = 'the server breaks off at this mail, or never answers for it';
    return new SmtpError('no-answer', message, undefined, mayHaveArrived);
  }

  function judgeBusy(error: SmtpError, { messageId }: Mail): SmtpError {
    const before = busy.get(messageId);
    if (!before) {
      if (busy.size < mostBroken) busy.set(messageId, { accepted, times: 1 });
      return error;
    }
    if (accepted > before.accepted) before.times += 1;
    before.accepted = accepted;
    return before.times > mostBusy ? new SmtpError('deferred', error.said, error.reply) : error;
  }

  const isReachable = (): Promise<boolean> =>
    pool.check().then(
      () => true,
      () => false,
    );

  return {
    hasBroken: (messageId) => broken.has(messageId) || busy.has(messageId),
    async send(mail, signal) {
      try {
        await pool.send(mail, signal);
      } catch (error) {
        if (isBreak(error)) throw await judge(error, mail);
        throw error instanceof SmtpError && error.reply === 421 ? judgeBusy(error, mail) : error;
      }
      accepted += 1;
      broken.delete(mail.messageId);
      busy.delete(mail.messageId);
    },
  };
}

function isBreak(error: unknown): error is SmtpError {
  return error instanceof SmtpError && (error.code === 'unreachable' || error.code === 'silent');
}
