import { type Brand, parseBrand } from '../brand.js';
import type { EmailMessage, OutgoingEmail } from '../outbox/publisher.js';
import { chooseWords } from '../words/choose-words.js';
import type { HostWords } from '../words/words.js';
import { letterAsHtml, htmlSayer } from './letter-as-html.js';
import { letterAsText, textSayer } from './letter-as-text.js';
import { factsOf, letterFor, subjectOf } from './letter.js';

export interface RenderOptions {
  /** BCP 47, the one that the person reads: the message's header `language`. */
  language: string;
  /** When the link ends: the message's header `expires-at`. */
  expiresAt?: Date | string | undefined;
  brand?: Brand | undefined;
  words?: HostWords | undefined;
  /** The moment of sending, from which "tomorrow" counts. Default: now. */
  now?: Date | undefined;
}

export interface RenderedEmail {
  subject: string;
  text: string;
  /** Under 20 kB, complete: loads nothing but the brand's logo. */
  html: string;
  /** The language that was found for the one asked for. */
  language: string;
  dir: 'ltr' | 'rtl';
}

/**
 * A host's own: writes the whole mail in the place of ours. What it throws is that email's own failure. `language` is the
 * one that it wrote in, where that is not the one asked for.
 */
export type RenderEmail = (
  email: OutgoingEmail,
) => Pick<RenderedEmail, 'subject' | 'text' | 'html'> & Partial<Pick<RenderedEmail, 'language'>>;

/**
 * What the person reads of a message on the email topic, in the language nearest to theirs.
 *
 * @throws TypeError for a message whose link is no http or https URL, InvalidOptionsError for a wrong brand
 */
export function renderEmail(message: EmailMessage, options: RenderOptions): RenderedEmail {
  const brand = parseBrand(options.brand);
  const chosen = chooseWords(options.language, options.words);
  const facts = factsOf(message, chosen, {
    brand,
    expiresAt: options.expiresAt === undefined ? undefined : new Date(options.expiresAt),
    now: options.now ?? new Date(),
  });
  const subject = subjectOf(message, chosen, brand);
  const asText = letterFor(message, facts, textSayer(chosen));
  const asHtml = letterFor(message, facts, htmlSayer(chosen));
  return {
    subject,
    text: letterAsText(asText, chosen, brand),
    html: letterAsHtml(asHtml, subject, chosen, brand),
    language: chosen.language,
    dir: chosen.dir,
  };
}
