import type { CheckedBrand } from '../brand.js';
import { html, type Html } from '../html.js';
import type { MailboxEmail } from '../publishers/mailbox/mailbox-publisher.js';
import type { Mail } from '../publishers/smtp/smtp-pool.js';
import { chooseWords, directionOf } from '../words/choose-words.js';

const views = { mail: 'Mail', text: 'Text', headers: 'Headers', message: 'Message' } as const;

/** What can be looked at of an email. */
export type MailView = keyof typeof views;

export function isMailView(name: string | undefined): name is MailView {
  return name !== undefined && Object.hasOwn(views, name);
}

interface OpenedEmail {
  email: MailboxEmail;
  /** Another than the reader's own. */
  language: string | undefined;
  /** Or why there is none. */
  mail: Mail | string;
}

export interface MailboxPage {
  emails: readonly MailboxEmail[];
  brand: CheckedBrand;
  languages: readonly string[];
  alsoTo: readonly string[];
  view: MailView;
  opened: OpenedEmail | undefined;
}

/** Every email, newest first, and the opened one beside them. Its script looks for new ones every three seconds. */
export function mailboxPage({ emails, opened, brand, ...rest }: MailboxPage): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Mailbox · ${brand.name}</title>
        <link rel="stylesheet" href="/assets/mailbox.css" />
        <script src="/assets/mailbox.js" defer></script>
      </head>
      <body>
        <header>
          <h1>Mailbox</h1>
          <p id="count" role="status">${countText(emails.length)}</p>
          <a href="/">Sign somebody up</a>
        </header>
        <div class="columns">
          <nav aria-label="Emails">
            <ol id="emails">
              ${emails.map((email) => entry(email, opened?.email === email))}
            </ol>
          </nav>
          <main>${opened ? reading(opened, rest) : nothing(emails.length > 0)}</main>
        </div>
        <footer>${destination(rest.alsoTo)}</footer>
      </body>
    </html> `;
  return String(page);
}

function countText(count: number): string {
  if (count === 0) return 'No email yet';
  return count === 1 ? '1 email' : `${count} emails`;
}

function nothing(hasOthers: boolean): Html {
  return hasOthers
    ? html`<p class="empty">This email is not here any more: choose another.</p>`
    : html`<p class="empty">
        No email yet: <a href="/">sign somebody up</a>, and it appears here by itself.
      </p>`;
}

function destination(alsoTo: readonly string[]): string {
  return alsoTo.length === 0
    ? 'Emails end here: nobody gets them.'
    : `Emails end here, and go to ${alsoTo.join(' and to ')}.`;
}

function entry({ value, headers, publishedAt }: MailboxEmail, isOpened: boolean): Html {
  const id = headers['event-id'];
  const current = isOpened ? html` aria-current="true"` : '';
  return html`<li id="email-${id}">
    <a href="${address(id)}" ${current}
      ><strong><bdi>${value.to}</bdi></strong> <span><bdi>${value.subject}</bdi></span>
      <time datetime="${publishedAt}">${inEnglish(publishedAt)} · ${headers.language}</time></a
    >
  </li>`;
}

function inEnglish(moment: string): string {
  return new Date(moment).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

function address(id: string, language?: string, view: MailView = 'mail', path = '/mailbox'): string {
  const query = new URLSearchParams({
    email: id,
    ...(language === undefined ? {} : { language }),
    ...(view === 'mail' ? {} : { view }),
  });
  return `${path}?${query.toString()}`;
}

function reading(
  { email, language, mail }: OpenedEmail,
  { view, languages }: Pick<MailboxPage, 'view' | 'languages'>,
): Html {
  const id = email.headers['event-id'];
  const shown = writtenIn(mail, language ?? email.headers.language);
  const subject = typeof mail === 'string' ? email.value.subject : mail.subject;
  const tabs = Object.entries(views).map(([name, label]) =>
    choice(address(id, language, name as MailView), label, name === view),
  );
  return html`<h2 lang="${shown}" dir="auto">${subject}</h2>
    <p class="to">To <bdi>${email.value.to}</bdi>, ${inEnglish(email.publishedAt)}</p>
    <nav class="choices" aria-label="What to look at">${tabs}</nav>
    ${languageChoices(email, language, view, languages)}
    ${typeof mail === 'string' && view !== 'message' ? html`<p class="wrong">${mail}</p>` : content(view, mail, email, language)}`;
}

/** The language that was found for the one asked for: of some there are no words. */
function writtenIn(mail: Mail | string, asked: string): string {
  return (typeof mail === 'string' ? undefined : mail.headers['Content-Language']) ?? asked;
}

function languageChoices(
  { headers }: MailboxEmail,
  language: string | undefined,
  view: MailView,
  languages: readonly string[],
): Html {
  const theirs = chooseWords(
    headers.language,
    Object.fromEntries(languages.map((one) => [one, {}])),
  ).language;
  const links = languages.map((one) =>
    choice(
      address(headers['event-id'], one === theirs ? undefined : one, view),
      html`<span lang="${one}">${ownName(one)}</span>${one === theirs ? ' (theirs)' : ''}`,
      one === (language ?? theirs),
    ),
  );
  return html`<nav class="choices" aria-label="Language">${links}</nav>`;
}

/** As its speakers write it. */
function ownName(language: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
}

function choice(href: string, label: string | Html, isCurrent: boolean): Html {
  return isCurrent
    ? html`<a href="${href}" aria-current="true">${label}</a> `
    : html`<a href="${href}">${label}</a> `;
}

function content(
  view: MailView,
  mail: Mail | string,
  { key, headers, value }: MailboxEmail,
  language: string | undefined,
): Html {
  if (view === 'message' || typeof mail === 'string') {
    return html`<pre>${JSON.stringify({ key, headers, value }, null, 2)}</pre>`;
  }
  const dir = directionOf(writtenIn(mail, language ?? headers.language));
  switch (view) {
    case 'mail':
      return html`<iframe
        title="The mail"
        src="${address(headers['event-id'], language, 'mail', '/mailbox/html')}"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
      ></iframe>`;
    case 'text':
      return html`<pre class="plain" dir="${dir}">${mail.text}</pre>`;
    case 'headers':
      return headerTable(mail);
  }
}

function headerTable({ from, to, replyTo, subject, messageId, headers }: Mail): Html {
  const rows = {
    From: from.name === '' ? from.address : `${from.name} <${from.address}>`,
    To: to,
    ...(replyTo === undefined ? {} : { 'Reply-To': replyTo }),
    Subject: subject,
    'Message-ID': messageId,
    ...headers,
  };
  return html`<table>
    <tbody>
      ${Object.entries(rows).map(
        ([name, text]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td><bdi>${text}</bdi></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
