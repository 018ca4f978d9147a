import { createHash } from 'node:crypto';
import type { Reply } from '../reply.js';
import { html, Html } from '../../html.js';
import { style } from './style.js';

export interface Page {
  /** The title and the one heading. */
  title: string;
  content: Html | readonly Html[];
}

// One piece, because the policy names the hash of every character between the tags.
const styleElement = new Html(`<style>${style}</style>`);
const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * Nothing may be loaded or run, the one style sheet apart. `Referrer-Policy: same-origin` keeps the link's token from
 * other sites, and still lets the form carry the `Origin` that a host's CSRF guard asks for (`no-referrer` would make
 * it `null`).
 */
const pageHeaders = {
  'Content-Security-Policy':
    `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; ` +
    "frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex',
} as const;

export function pageReply(
  status: number,
  { title, content }: Page,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · FluentMeet</title>
        ${styleElement}
      </head>
      <body>
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
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
  return { status, headers: { ...pageHeaders, ...headers }, html: String(page) };
}
