import { domainOf } from '../../domain-of.js';
import { type Brand, defaultBrand } from '../../brand.js';
import { mailtoAddress } from '../../mailto-address.js';
import { type RenderEmail, renderEmail } from '../../mail/render-email.js';
import type { OutgoingEmail } from '../../outbox/publisher.js';
import type { HostWords } from '../../words/words.js';
import type { MailFrom } from './mail-from.js';
import { SmtpError } from './smtp-error.js';
import type { Mail } from './smtp-pool.js';

/** How a host wants its mails. */
export interface MailSetting {
  brand?: Brand | undefined;
  /** Sentences in the place of ours, by language. */
  words?: HostWords | undefined;
  /** Writes the whole mail in the place of ours. */
  renderEmail?: RenderEmail | undefined;
}

/**
 * The mail of an email, in its reader's language.
 *
 * @param now from when "tomorrow" counts
 * @throws SmtpError `refused` where it cannot be written: that is this email's own fault
 */
export function composeMail(
  email: OutgoingEmail,
  from: MailFrom,
  setting: MailSetting,
  now = new Date(),
): Mail {
  const { language, ...mail } = written(email, setting, now);
  // Whoever answers a mail that nobody reads should reach somebody.
  const support = mailtoAddress(setting.brand?.supportUrl ?? '');
  return {
    to: email.value.to,
    from: { ...from, name: from.name || (setting.brand?.name ?? defaultBrand.name) },
    ...(support ? { replyTo: support } : {}),
    ...mail,
    messageId: messageIdOf(email, from),
    headers: {
      // RFC 3834: no holiday notice in answer, please; the second is Exchange's word for it.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // Whoever writes to the topic may say anything.
      ...(/^[a-z\d-]{2,35}$/i.test(language) ? { 'Content-Language': language } : {}),
    },
  };
}

/** The same at every try, so that a mail that came twice can be known for one. */
export function messageIdOf({ headers }: OutgoingEmail, { address }: MailFrom): string {
  return `<${headers['event-id']}@${domainOf(address)}>`;
}

function written(
  email: OutgoingEmail,
  { brand, words, renderEmail: renderOwn }: MailSetting,
  now: Date,
): Pick<Mail, 'subject' | 'text' | 'html'> & { language: string } {
  const { language, 'expires-at': expiresAt } = email.headers;
  try {
    const mail = renderOwn
      ? renderOwn(email)
      : renderEmail(email.value, { language, expiresAt, brand, words, now });
    // A host's may be anything, a promise above all: better no mail than an empty one, or ours in its place.
    if (mail instanceof Promise) mail.catch(() => undefined);
    const { subject, text, html } = Object(mail) as typeof mail;
    const missing = Object.entries({ subject, text, html }).find(
      ([, part]) => typeof part !== 'string' || part.trim() === '',
    );
    if (missing) throw new SmtpError('refused', `renderEmail gave no ${missing[0]}`, undefined);
    // The one that was found for the one asked for; what a host's is in, nobody else can say.
    return { subject, text, html, language: typeof mail.language === 'string' ? mail.language : language };
  } catch (error) {
    if (error instanceof SmtpError) throw error;
    const name = error instanceof Error ? error.name : 'NonError';
    throw new SmtpError('refused', `the mail cannot be written (${name})`, undefined);
  }
}
