import type { Config } from '../options.js';
import type { MailboxEmail } from '../publishers/mailbox/mailbox-publisher.js';
import { composeMail } from '../publishers/smtp/compose-mail.js';
import type { MailFrom } from '../publishers/smtp/mail-from.js';
import type { Mail } from '../publishers/smtp/smtp-pool.js';
import { SmtpError } from '../publishers/smtp/smtp-error.js';

/**
 * The mail of an email as its reader gets it, or the reason why there is none.
 *
 * @param language another than the reader's own, to look at
 */
export function shownMail(
  email: MailboxEmail,
  from: MailFrom,
  config: Config,
  language?: string,
): Mail | string {
  const headers = { ...email.headers, ...(language === undefined ? {} : { language }) };
  try {
    const shown = { ...email, headers, value: withLinkHere(email.value, config) };
    return composeMail(shown, from, config, new Date(email.publishedAt));
  } catch (error) {
    if (error instanceof SmtpError) return error.message;
    throw error;
  }
}

/** The link opens on this server, also where the email is of a time when it ran at another port. */
function withLinkHere(message: MailboxEmail['value'], { verificationUrl }: Config): MailboxEmail['value'] {
  if (message.template !== 'verification') return message;
  const link = message.data.verification_link;
  const token = URL.canParse(link) ? new URL(link).searchParams.get('token') : null;
  if (token === null) return message;
  const here = new URL(verificationUrl);
  here.searchParams.set('token', token);
  return { ...message, data: { ...message.data, verification_link: here.href } };
}
