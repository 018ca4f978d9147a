import { domainOf } from '../../domain-of.js';
import { SmtpError } from './smtp-error.js';
import type { Mail, SmtpPool } from './smtp-pool.js';

/** Remembered at once, the latest: in an outage as many break as are sent side by side. */
const mostBroken = 1_000;

/** Milliseconds: a server that took others' mails so short a time ago, and greets, is not away for this one alone. */
const recently = 60_000;
/** Milliseconds without an answer that tell of the mail, and not of a try that was cut short. */
const longSilence = 8_000;
/** Milliseconds for which a server that is quick with others may say nothing before it has the mail: a connection is held. */
const patienceOfMany = 10_000;

/** Of one mail, with others accepted before each: a server that is busy says it to anybody now and then. */
const mostBusy = 4;

/** What is known of a mail on which a connection broke. */
interface Break {
  /** How many others had been accepted then. */
  accepted: number;
  /** All of it had been handed over. */
  mayHaveArrived: boolean;
  domain: string;
}

/** What is known of a mail that was answered 421. */
interface Busy {
  /** How many others had been accepted at the last time. */
  accepted: number;
  /** How often, with others accepted before. */
  times: number;
}

/**
 * Sends mails, and tells a server that is away from a mail that no server gets through with.
 *
 * A connection that breaks is an outage, unless it breaks on one mail alone: waiting for the server would then hold up
 * everybody for good. It is that mail's own fault (`no-answer`) where the server can be reached, and
 * - others were accepted within the minute, and for this one it said nothing for long: it may be asking a server of the
 *   recipient's that never answers; or
 * - it broke on it again, and others were accepted in between; or
 * - it broke on it again, and all of the mail had been handed over both times: it may lie in the inbox twice by then, and
 *   an outage would repeat it every few seconds.
 *
 * Nor is 421 one that a server answers to one mail again and again while it takes those of others, at whatever stage
 * (nodemailer does not tell): it is `deferred` then.
 */
export function createSmtpSender(pool: Pick<SmtpPool, 'send' | 'check'>) {
  let accepted = 0;
  let acceptedAt = -Infinity;
  /** Milliseconds that the last one took. */
  let took = 0;
  /** By message id. */
  const broken = new Map<string, Break>();
  const busy = new Map<string, Busy>();

  /** @param waited milliseconds since the mail was begun */
  async function judge(
    error: SmtpError,
    { messageId, to }: Mail,
    waited: number,
    answerBy: number,
  ): Promise<SmtpError> {
    const { mayHaveArrived } = error;
    const before = broken.get(messageId);
    const known = before ?? remember(broken, messageId, { accepted, mayHaveArrived, domain: domainOf(to) });
    const isItsOwn = before
      ? accepted > before.accepted || (mayHaveArrived && before.mayHaveArrived)
      : error.code === 'silent' && waited >= longSilence && performance.now() - acceptedAt < recently;
    known.mayHaveArrived ||= mayHaveArrived;
    if (!isItsOwn || !(await isReachable(answerBy))) return error;
    // At its next tries nobody else need be on the way to show it.
    known.accepted = -1;
    const message = 'the server breaks off at this mail, or never answers for it';
    return new SmtpError('no-answer', message, undefined, mayHaveArrived);
  }

  function judgeBusy(error: SmtpError, { messageId }: Mail): SmtpError {
    const before = busy.get(messageId);
    if (!before) {
      remember(busy, messageId, { accepted, times: 1 });
      return error;
    }
    if (accepted > before.accepted) before.times += 1;
    before.accepted = accepted;
    return before.times > mostBusy ? new SmtpError('deferred', error.said, error.reply) : error;
  }

  /** A server that has not said so in time is taken for one that is not. */
  async function isReachable(by: number): Promise<boolean> {
    const left = by - performance.now();
    if (left <= 0) return false;
    return pool.check(left).then(
      () => true,
      () => false,
    );
  }

  return {
    /** 2: a connection broke on this mail before, or it was answered 421. 1: on one to the same domain. Else 0. */
    suspicion({ messageId, to }: Pick<Mail, 'messageId' | 'to'>): number {
      if (broken.has(messageId) || busy.has(messageId)) return 2;
      return [...broken.values()].some(({ domain }) => domain === domainOf(to)) ? 1 : 0;
    },
    /**
     * Resolves once the server has accepted the mail.
     *
     * @param answerBy on the clock of `performance`: whose fault a failure is has to be found out until then
     * @throws SmtpError
     */
    async send(mail: Mail, signal: AbortSignal, answerBy = Infinity): Promise<void> {
      const begun = performance.now();
      const isQuick = begun - acceptedAt < recently;
      try {
        await pool.send(mail, signal, isQuick ? Math.max(patienceOfMany, 4 * took) : undefined);
      } catch (error) {
        if (isBreak(error)) throw await judge(error, mail, performance.now() - begun, answerBy);
        throw error instanceof SmtpError && error.reply === 421 ? judgeBusy(error, mail) : error;
      }
      accepted += 1;
      acceptedAt = performance.now();
      took = acceptedAt - begun;
      broken.delete(mail.messageId);
      busy.delete(mail.messageId);
    },
  };
}

function isBreak(error: unknown): error is SmtpError {
  return error instanceof SmtpError && (error.code === 'unreachable' || error.code === 'silent');
}

function remember<T>(mails: Map<string, T>, messageId: string, what: T): T {
  if (mails.size >= mostBroken) mails.delete(mails.keys().next().value as string);
  mails.set(messageId, what);
  return what;
}
