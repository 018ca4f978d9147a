import type { CheckedBrand } from '../brand.js';
import type { EmailMessage } from '../outbox/publisher.js';
import { type EmailTemplate, templates } from '../outbox/templates.js';
import { readableEmailAddress } from '../readable-email-address.js';
import type { ChosenWords } from '../words/choose-words.js';
import { en } from '../words/en.js';
import { say } from '../words/say.js';
import type { ValuesFor, WordKey } from '../words/words.js';
import { nameToGreet } from './name-to-greet.js';
import { untilInWords } from './until.js';

/** What a mail says, whether as text or as HTML: `Said` is a sentence in the one or the other. */
export interface Letter<Said> {
  /** Shown beside the subject in a list of mails. */
  preheader: Said;
  title: Said;
  greeting: Said;
  text: Said;
  action?: { label: Said; url: string };
  /** How long the action is possible. */
  until?: string;
  /** Who used the address, and what to do if it was somebody else. */
  why: Said;
}

export type Sayer<Said> = <Key extends WordKey>(key: Key, ...values: ValuesFor<Key, string>) => Said;

/** What is the same in text and HTML, and found once. */
export function factsOf(
  message: EmailMessage,
  chosen: ChosenWords,
  { brand, expiresAt, now }: { brand: CheckedBrand; expiresAt: Date | undefined; now: Date },
) {
  const isTime = expiresAt !== undefined && !Number.isNaN(expiresAt.getTime());
  return {
    brand,
    /** The person's, where it is fit for a greeting. */
    name: nameToGreet(message.data.full_name),
    /** The sentence of how long the link can be used. */
    until: isTime
      ? say(chosen.words, 'mail.verification.until', { until: untilInWords(chosen, expiresAt, now) })
      : undefined,
  };
}

/**
 * What each template says stands in its words, `mail.<template>.…`; its button leads to its link, or where one logs in.
 *
 * @throws TypeError for a link that is no http or https URL
 */
export function letterFor<Said>(
  message: EmailMessage,
  { brand, name, until }: ReturnType<typeof factsOf>,
  saying: Sayer<Said>,
): Letter<Said> {
  const { template, data } = message;
  const { hasLink } = templates[template];
  const values = { brand: brand.name, email: readableEmailAddress(message.to) };
  const link = 'verification_link' in data ? data.verification_link : undefined;
  const url = hasLink ? requireWebUrl(link) : brand.loginUrl;
  return {
    preheader: saying(`mail.${template}.preheader`),
    title: saying(`mail.${template}.title`),
    greeting: name === null ? saying('mail.hello') : saying('mail.hello.name', { name }),
    text: saying(`mail.${template}.text`, values),
    ...(url && { action: { label: saying(`mail.${template}.button`), url } }),
    ...(hasLink && until && { until }),
    why: saying(`mail.${template}.why`, values),
  };
}

/** Names the sentence that a new template lacks: what the compiler says of it above and below follows from it. */
void (en satisfies Readonly<Record<`mail.${EmailTemplate}.${Part}`, string>>);

type Part = 'subject' | 'preheader' | 'title' | 'text' | 'button' | 'why';

export function subjectOf(
  { template }: EmailMessage,
  { words }: ChosenWords,
  { name }: CheckedBrand,
): string {
  return say(words, `mail.${template}.subject`, { brand: name });
}

/** The message may come from the topic: a link of another scheme would run in the reader's mail client. */
function requireWebUrl(link: string | undefined): string {
  const url = link !== undefined && URL.canParse(link) ? new URL(link) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  throw new TypeError('the message has no http or https link');
}
