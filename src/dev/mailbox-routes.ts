import { type Request, Router } from 'express';
import type { Config } from '../options/options.js';
import type { MailboxEmail, MailboxPublisher } from '../publishers/mailbox/mailbox-publisher.js';
import { composeMail } from '../publishers/smtp/compose-mail.js';
import { type MailFrom, parseMailFrom } from '../publishers/smtp/mail-from.js';
import { SmtpError } from '../publishers/smtp/smtp-error.js';
import type { Mail } from '../publishers/smtp/smtp-pool.js';
import { languagesOf } from '../words/choose-words.js';
import { isMailView, mailboxPage } from './mailbox-page.js';
import { mailboxScript } from './mailbox-script.js';
import { mailboxStyle } from './mailbox-style.js';

export interface MailboxSetting {
  /** Who the mails are from, as in `MAIL_FROM`. */
  from?: string | undefined;
  /** Where else emails go, in words: a Kafka, an SMTP server. */
  alsoTo: readonly string[];
}

/** The page that shows every email as its reader sees it: `/mailbox?email=<event id>&language=fr&view=text`. */
export function mailboxRoutes(
  config: Config,
  mailbox: MailboxPublisher,
  { from = '', alsoTo }: MailboxSetting,
): Router {
  const router = Router();
  const sender = parseMailFrom(from) ?? { name: '', address: 'no-reply@localhost' };
  router.get('/mailbox', (req, res) => {
    const emails = mailbox.list();
    const asked = textOf(req, 'view');
    const { email, language } = choice(req, emails, config);
    const page = mailboxPage({
      emails,
      brand: config.brand,
      languages: languagesOf(config.words),
      alsoTo,
      view: isMailView(asked) ? asked : 'mail',
      opened: email && { email, language, mail: shownMail(email, sender, config, language) },
    });
    res.set(pageHeaders).type('html').send(page);
  });
  router.get('/mailbox/html', (req, res) => {
    const { email, language } = choice(req, mailbox.list(), config);
    const mail = email && shownMail(email, sender, config, language);
    if (mail === undefined || typeof mail === 'string') return void res.status(404).end();
    res.set(mailHeaders(config)).type('html').send(inOwnTab(mail.html));
  });
  const asset = (path: string, type: string, content: string) =>
    router.get(path, (_req, res) => void res.set('Cache-Control', 'no-cache').type(type).send(content));
  asset('/assets/mailbox.css', 'css', mailboxStyle);
  asset('/assets/mailbox.js', 'js', mailboxScript);
  return router;
}

/** The email that the address names, or the newest; and a language only where there are words in it. */
function choice(
  req: Request,
  emails: readonly MailboxEmail[],
  config: Config,
): { email: MailboxEmail | undefined; language: string | undefined } {
  const id = textOf(req, 'email');
  const email = id === undefined ? emails[0] : emails.find(({ headers }) => headers['event-id'] === id);
  return { email, language: languagesOf(config.words).find((one) => one === textOf(req, 'language')) };
}

function textOf({ query }: Request, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : undefined;
}

/** Everything comes from this server, in files of its own; nothing inline. */
const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; " +
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** The mail may hold what a stranger wrote: it runs nothing, loads the brand's logo alone, and opens links in a new tab. */
function mailHeaders({ brand: { logo } }: Config): Record<string, string> {
  const images = logo?.startsWith('https:') ? new URL(logo).origin : "'none'";
  return {
    'Content-Security-Policy':
      `default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; form-action 'none'; ` +
      "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}

/** As a mail client does: a link never opens in the place of the mail. */
function inOwnTab(markup: string): string {
  return markup.replace(/<head[^>]*>/i, '$&<base target="_blank" />');
}

/**
 * The mail of an email as its reader gets it, or the reason why there is none.
 *
 * @param language another than the reader's own, to look at
 */
function shownMail(email: MailboxEmail, from: MailFrom, config: Config, language?: string): Mail | string {
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
