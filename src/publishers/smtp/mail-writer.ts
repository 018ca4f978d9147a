import { InvalidOptionsError } from '../../errors.js';
import type { OutgoingEmail } from '../../outbox/publisher.js';
import { composeMail, messageIdOf, type MailSetting } from './compose-mail.js';
import { type MailFrom, parseMailFrom } from './mail-from.js';
import { createSmtpPool } from './smtp-pool.js';
import { createSmtpSender } from './smtp-sender.js';
import { parseSmtpUrl, type SmtpServer } from './smtp-url.js';

export interface MailWriterOptions extends MailSetting {
  /**
   * `smtp://user:password@host:587` or `smtps://host:465`. Always by TLS, unless the host is this machine or `?tls=off`
   * says otherwise; `?connections=10` in the place of 5.
   */
  url: string;
  /** `no-reply@example.com` or `Example <no-reply@example.com>`. */
  from: string;
}

/** From an email to a mail that the server has accepted: what the outbox's publisher and the topic's consumer share. */
export type MailWriter = ReturnType<typeof createMailWriter>;

/**
 * Opens nothing until the first call.
 *
 * @throws InvalidOptionsError
 */
export function createMailWriter({ url, from, ...own }: MailWriterOptions) {
  const { server, mailFrom } = parseServer(url, from);
  const pool = createSmtpPool(server);
  const sender = createSmtpSender(pool);
  let setting: MailSetting = own;
  return {
    /** Mails that go out at once. */
    connections: pool.connections,
    /** From now on mails look so, but for what the options say themselves. */
    adopt(given: MailSetting): void {
      setting = { ...given, ...own };
    },
    /**
     * Resolves once the server has accepted the mail.
     *
     * @param signal ends the try, wherever it stands
     * @param answerBy on the clock of `performance`: whose fault a failure is has to be found out until then
     * @throws SmtpError
     */
    send: async (email: OutgoingEmail, signal: AbortSignal, answerBy?: number) =>
      sender.send(composeMail(email, mailFrom, setting), signal, answerBy),
    /** How much a connection is likely to break on this email: the least should stand before the others. */
    suspicion: (email: OutgoingEmail) =>
      sender.suspicion({ messageId: messageIdOf(email, mailFrom), to: email.value.to }),
    /** Resolves if the server could be sent to. @throws SmtpError */
    check: () => pool.check(),
    close: () => pool.close(),
  };
}

/** The faults name the host's `smtpPublisher`: what the CLI hands in it has read before. @throws InvalidOptionsError */
function parseServer(url: string, from: string): { server: SmtpServer; mailFrom: MailFrom } {
  const parsed = parseSmtpUrl(url);
  // A variable of the environment that is not set is undefined, whatever its type says.
  const mailFrom = typeof from === 'string' ? parseMailFrom(from) : null;
  if (parsed.ok && mailFrom) return { server: parsed.server, mailFrom };
  throw new InvalidOptionsError([
    ...(parsed.ok
      ? []
      : [{ field: 'smtpPublisher.url', message: url === undefined ? 'is missing' : parsed.message }]),
    ...(mailFrom ? [] : [{ field: 'smtpPublisher.from', message: faultOfSender(from) }]),
  ]);
}

function faultOfSender(from: unknown): string {
  return from === undefined ? 'is missing' : 'must be an address, or Name <address>';
}
