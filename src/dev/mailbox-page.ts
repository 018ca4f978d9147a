import type { MailboxEmail } from '../publishers/mailbox/mailbox-publisher.js';
import { html, type Html } from '../html.js';
import { renderDevPage } from './dev-page.js';

/** Every email with its link, newest first. Its script looks for new ones every three seconds. */
export function mailboxPage(emails: readonly MailboxEmail[]): string {
  const content = html`<p class="quiet">
      What FluentMeet would send, instead of sending it. New emails appear here by themselves.
    </p>
    <p id="count" class="quiet" role="status">${countText(emails.length)}</p>
    <ul id="emails" class="emails">
      ${emails.map(showEmail)}
    </ul>`;
  return renderDevPage({ title: 'Mailbox', path: '/mailbox', script: 'mailbox.js', wide: true, content });
}

function countText(count: number): string {
  if (count === 0) return 'No email yet: sign somebody up.';
  return count === 1 ? '1 email' : `${count} emails`;
}

function showEmail({ key, value, headers, publishedAt }: MailboxEmail): Html {
  const link = value.template === 'verification' ? value.data.verification_link : undefined;
  const message = JSON.stringify({ key, headers, value }, null, 2);
  return html`<li id="email-${headers['event-id']}">
    <h2>${value.subject}</h2>
    <p>To ${value.data.full_name === null ? '' : `${value.data.full_name}, `}<strong>${value.to}</strong></p>
    <time datetime="${publishedAt}">${new Date(publishedAt).toLocaleString('en-GB')}</time>
    ${link === undefined ? noLink : showLink(link)}
    <details>
      <summary>The message as published</summary>
      <pre>${message}</pre>
    </details>
  </li>`;
}

const noLink = html`<p class="quiet">
  It tells the owner that somebody tried to sign up with this address.
</p>`;

/** Opens on this server, at whatever port it runs now; the text is the link as it is in the message. */
function showLink(link: string): Html {
  const { pathname, search } = new URL(link);
  return html`<p><a class="button" href="${pathname}${search}">Open the verification link</a></p>
    <p class="link">${link}</p>`;
}
