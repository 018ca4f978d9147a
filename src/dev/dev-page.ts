import { html, type Html } from '../html.js';

export interface DevPage {
  title: string;
  path: '/' | '/mailbox';
  /** Served by us from /assets. */
  script: string;
  wide?: boolean;
  content: Html;
}

/** Everything comes from this server, in files of its own; nothing inline. */
export const devPageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

export function renderDevPage({ title, path, script, wide = false, content }: DevPage): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · FluentMeet</title>
        <link rel="stylesheet" href="/assets/dev.css" />
        <script src="/assets/${script}" defer></script>
      </head>
      <body>
        <header>
          <p class="brand">
            <svg width="30" height="24" viewBox="0 0 30 24" aria-hidden="true" focusable="false">
              <path
                d="M11 2a9 9 0 1 0 3.2 17.4A11.4 11.4 0 0 1 11.4 12 11.4 11.4 0 0 1 14.2 4.6 9 9 0 0 0 11 2Z"
                fill="currentColor"
                opacity=".55"
              />
              <circle cx="20.5" cy="12" r="7.5" fill="currentColor" /></svg
            >FluentMeet
          </p>
          <nav aria-label="Pages">${link('/', 'Sign up', path)} ${link('/mailbox', 'Mailbox', path)}</nav>
        </header>
        <main class="${wide ? 'wide' : ''}">
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
  return String(page);
}

function link(href: string, name: string, current: string): Html {
  return href === current
    ? html`<a href="${href}" aria-current="page">${name}</a>`
    : html`<a href="${href}">${name}</a>`;
}
