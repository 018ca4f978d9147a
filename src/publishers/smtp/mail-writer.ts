import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { brandSchema } from '../../brand.js';
import { InvalidOptionsError } from '../../errors.js';
import { given } from '../../given.js';
import type { RenderEmail } from '../../mail/render-email.js';
import { checkOptions } from '../../options/check-options.js';
import { hook, hostWords, refuseOption } from '../../options/option-values.js';
import type { OutgoingEmail } from '../../outbox/publisher.js';
import { composeMail, messageIdOf, type MailSetting } from './compose-mail.js';
import { parseMailFrom } from './mail-from.js';
import { createSmtpPool } from './smtp-pool.js';
import { createSmtpSender } from './smtp-sender.js';
import { parseSmtpUrl } from './smtp-url.js';

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
export function createMailWriter(options: MailWriterOptions) {
  // The host's own function for it: what the CLI hands in it has read before.
  const { url, from, ...rest } = checkOptions(optionsSchema, options, ['smtpPublisher']);
  const own = given(rest);
  const pool = createSmtpPool(url);
  const sender = createSmtpSender(pool);
  let adopted: MailSetting | undefined;
  return {
    /** Mails that go out at once. */
    connections: pool.connections,
    /** From now on mails look so, but for what the options say themselves. @throws InvalidOptionsError */
    adopt(setting: MailSetting): void {
      adopted ??= setting;
      if (isDeepStrictEqual({ ...adopted, ...own }, { ...setting, ...own })) return;
      const message = 'was given to an instance of another brand, words or renderEmail: make one for each';
      throw new InvalidOptionsError([{ field: 'publisher', message }]);
    },
    /**
     * Resolves once the server has accepted the mail.
     *
     * @param signal ends the try, wherever it stands
     * @param answerBy on the clock of `performance`: whose fault a failure is has to be found out until then
     * @throws SmtpError
     */
    send: async (email: OutgoingEmail, signal: AbortSignal, answerBy?: number) =>
      sender.send(composeMail(email, from, { ...adopted, ...own }), signal, answerBy),
    /** How much a connection is likely to break on this email: the least should stand before the others. */
    suspicion: (email: OutgoingEmail) =>
      sender.suspicion({ messageId: messageIdOf(email, from), to: email.value.to }),
    /** Resolves if the server could be sent to. @throws SmtpError */
    check: () => pool.check(),
    close: () => pool.close(),
  };
}

const optionsSchema = z.strictObject({
  url: z.string().transform((text, context) => {
    const parsed = parseSmtpUrl(text);
    return parsed.ok ? parsed.server : refuseOption(context, parsed.message);
  }),
  from: z
    .string()
    .transform(
      (text, context) =>
        parseMailFrom(text) ?? refuseOption(context, 'must be an address, or Name <address>'),
    ),
  brand: brandSchema.optional(),
  words: hostWords.optional(),
  renderEmail: hook<RenderEmail>(),
});
