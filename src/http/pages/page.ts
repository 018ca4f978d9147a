import { html, type Html } from '../../html.js';
import { getOrMake } from '../../get-or-make.js';
import { say } from '../../words/say.js';
import type { WordKey } from '../../words/words.js';
import type { Reply } from '../reply.js';
import type { Look } from './look.js';
import type { Reader } from './reader.js';

export interface Page {
  /** The one heading, and the title before the brand's name. */
  title: string;
  /** The title where it says more than the heading. */
  documentTitle?: string;
  content: Html | readonly Html[];
  /** What changes the page's language, where the page can be had again. */
  changeLanguage?: ((language: string, name: Html) => Html) | undefined;
  /** Serves our script; nothing depends on it. */
  scripted?: boolean;
  /** Serves what solves ALTCHA's challenges as well. */
  challenged?: boolean;
}

/** How and for whom a page is written. */
export interface Setting {
  look: Look;
  reader: Reader;
  /** Where mails can be read, in development. */
  mailboxUrl?: string | undefined;
}

/**
 * `Referrer-Policy: strict-origin` keeps the link's token from everybody, and still lets the form carry the `Origin` that
 * a host's CSRF guard asks for (`no-referrer` would make it `null`).
 */
export function pageReply(
  setting: Setting,
  status: number,
  page: Page,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const { look, reader } = setting;
  const { brand } = look;
  const { title, documentTitle = title, content, scripted = false, challenged = false } = page;
  const markup = html`<!doctype html>
    <html lang="${reader.language}" dir="${reader.dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${documentTitle} · ${brand.name}</title>
        <link rel="icon" href="${look.iconUrl}" />
        ${look.style}
        ${brand.stylesheet === undefined ? '' : html`<link rel="stylesheet" href="${brand.stylesheet}" />`}
        ${scripted ? html`<script src="${look.scriptUrl}" defer></script>` : ''}
        ${challenged ? html`<script src="${look.challengeUrl}" defer></script>` : ''}
      </head>
      <body>
        <header class="brand">${brandMark(look)}</header>
        <main data-page>
          <h1 tabindex="-1">${title}</h1>
          ${content} ${scripted ? noAnswer(reader) : ''}
        </main>
        ${footer(setting, page)}
      </body>
    </html> `;
  return {
    status,
    headers: {
      'Content-Security-Policy': look.policy(scripted),
      'Referrer-Policy': 'strict-origin',
      'X-Robots-Tag': 'noindex',
      'Content-Language': reader.language,
      Vary: 'Accept-Language',
      ...headers,
    },
    html: String(markup),
  };
}

/** What our script says where no answer comes, or none of ours; its button sends the form again. */
function noAnswer({ words }: Reader): Html[] {
  return (['no-answer', 'failed'] as const).map(
    (name) =>
      html`<template id="${name}"
        ><div class="faults" role="group" aria-labelledby="faults-title" tabindex="-1">
          <h2 id="faults-title">${words[`${name}.title` satisfies WordKey]}</h2>
          <p>${words[`${name}.text` satisfies WordKey]}</p>
          <p class="go"><button type="submit">${say(words, 'try-again')}</button></p>
        </div></template
      >`,
  );
}

function brandMark({ brand }: Look): Html {
  if (brand.logo !== undefined) return html`<img src="${brand.logo}" alt="${brand.name}" />`;
  return html`<svg width="30" height="24" viewBox="0 0 30 24" aria-hidden="true" focusable="false">
      <path
        d="M11 2a9 9 0 1 0 3.2 17.4A11.4 11.4 0 0 1 11.4 12 11.4 11.4 0 0 1 14.2 4.6 9 9 0 0 0 11 2Z"
        fill="currentColor"
        opacity=".55"
      />
      <circle cx="20.5" cy="12" r="7.5" fill="currentColor" /></svg
    ><bdi>${brand.name}</bdi>`;
}

function footer({ look: { brand }, reader, mailboxUrl }: Setting, { changeLanguage }: Page): Html {
  const { words, offered, language } = reader;
  const links = [
    changeLanguage &&
      html`<details>
        <summary>${say(words, 'language.change')}</summary>
        <ul>
          ${offered
            .filter((other) => other !== language)
            .map((other) => html`<li>${changeLanguage(other, ownName(other))}</li>`)}
        </ul>
      </details>`,
    mailboxUrl && link(mailboxUrl, say(words, 'check.inbox')),
    brand.supportUrl && link(brand.supportUrl, say(words, 'support')),
    brand.privacyUrl && link(brand.privacyUrl, say(words, 'privacy')),
  ].filter((one) => one instanceof Object);
  return links.length === 0 ? html`` : html`<footer>${links}</footer>`;
}

function ownName(language: string): Html {
  return html`<span lang="${language}">${nameIn(language, language)}</span>`;
}

/** By the language that they are read in: one of the pages'. To make one takes longer than all the rest of a page. */
const displayNames = new Map<string, Intl.DisplayNames>();

export function nameIn(reading: string, language: string): string {
  const names = getOrMake(
    displayNames,
    reading,
    () => new Intl.DisplayNames([reading], { type: 'language' }),
  );
  return names.of(language) ?? language;
}

export function link(href: string, text: string): Html {
  return html`<a href="${href}">${text}</a>`;
}

/** Beside a form, of which nothing typed is to be lost: where nothing may be stored, Back brings an empty one. */
export function newPageLink(href: string, text: string): Html {
  return html`<a href="${href}" target="_blank">${text}</a>`;
}

export function buttonLink(href: string, text: string): Html {
  return html`<p class="go"><a class="button first" href="${href}">${text}</a></p>`;
}

/** A form with one button. `?` is the page's own path, wherever the host has mounted it and whatever proxy stands before. */
export function buttonForm(
  { reader }: Setting,
  fields: Readonly<Record<string, string>>,
  label: string,
  rank: 'first' | 'second' = 'first',
  query: Readonly<Record<string, string>> = {},
): Html {
  return html`<form method="post" action="${ownPath(reader, query)}">
    ${hiddenFields(fields)}
    <button type="submit" class="${rank}">${label}</button>
  </form>`;
}

export function hiddenFields(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

/** The page's own path, with the language that was asked for. */
export function ownPath(
  { asked }: Pick<Reader, 'asked'>,
  query: Readonly<Record<string, string>> = {},
): string {
  return `?${new URLSearchParams({ ...query, ...(asked === undefined ? {} : { lang: asked }) }).toString()}`;
}

/** Changes the language by links, where nothing was typed. @param query that opened the page, and opens it again */
export function linkLanguages(
  query: Readonly<Record<string, string>> = {},
): NonNullable<Page['changeLanguage']> {
  return (asked, name) => html`<a href="${ownPath({ asked }, query)}" hreflang="${asked}">${name}</a>`;
}

/** Changes the language of the signup page by one of its forms, which carries what was typed. */
export function sendLanguages(form: string): NonNullable<Page['changeLanguage']> {
  return (asked, name) =>
    html`<button
      form="${form}"
      formaction="${ownPath({ asked }, { action: 'language' })}"
      name="action"
      value="language"
    >
      ${name}
    </button>`;
}

/** "in 51 seconds", "in 2 minutes". */
export function inWords({ language }: Reader, seconds: number): string {
  const format = new Intl.RelativeTimeFormat(language);
  return seconds > 90 ? format.format(Math.ceil(seconds / 60), 'minute') : format.format(seconds, 'second');
}
