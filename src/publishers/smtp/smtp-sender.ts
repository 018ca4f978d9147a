import { SmtpError } from './smtp-error.js';
import type { Mail, SmtpPool } from './smtp-pool.js';

/** Sends mails, and tells a server that is away from a mail that no server gets through with. */
export interface SmtpSender {
  /** Resolves once the server has accepted the mail. @throws SmtpError */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

/** Remembered at once: in an outage as many break as are sent side by side. */
const mostBroken = 1_000;

/**
 * A connection that breaks is an outage, unless it breaks on one mail alone: waiting for the server would then hold up
 * everybody for good. Where it broke again on the same mail, and others were accepted in between, it is that mail's own
 * fault (`no-answer`).
 */
export function createSmtpSender(pool: Pick<SmtpPool, 'send'>): SmtpSender {
  let accepted = 0;
  /** By message id: how many had been accepted when it broke first. */
  const broken = new Map<string, number>();
  return {
    async send(mail, signal) {
      try {
        await pool.send(mail, signal);
      } catch (error) {
        if (!isBroken(error)) throw error;
        const before = broken.get(mail.messageId);
        if (before !== undefined && accepted > before) {
          // At its next tries nobody else need be on the way to show it.
          broken.set(mail.messageId, -1);
          throw new SmtpError('no-answer', 'the server breaks off at this mail, and takes others', undefined);
        }
        if (before === undefined && broken.size < mostBroken) broken.set(mail.messageId, accepted);
        throw error;
      }
      accepted += 1;
      broken.delete(mail.messageId);
    },
  };
}

function isBroken(error: unknown): boolean {
  return error instanceof SmtpError && (error.code === 'unreachable' || error.code === 'silent');
}
