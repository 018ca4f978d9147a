import { html, type Html } from '../../html.js';
import { say } from '../../words/say.js';
import type { WordKey } from '../../words/words.js';
import { inWords, type Page, type Setting } from './page.js';

/** What stands in the place of an answer: `failed` alone, and `away`, are our fault. */
export type Failure = 'too-many' | 'too-large' | 'unreadable' | 'away' | 'failed' | 'not-found';

export function failureOf(status: number): Failure {
  if (status === 429) return 'too-many';
  if (status === 503) return 'away';
  if (status === 413) return 'too-large';
  if (status === 404) return 'not-found';
  return status < 500 ? 'unreadable' : 'failed';
}

/**
 * @param retryAfter seconds, as the header says
 * @param button what tries again
 */
export function failurePage(
  { reader }: Setting,
  failure: Failure,
  retryAfter: number | undefined,
  button: Html,
): Page {
  const { words } = reader;
  const key = <Name extends string>(name: Name) => `${failure}.${name}` as const;
  return {
    title: words[key('title') satisfies WordKey],
    content: html`<p>${words[key('text') satisfies WordKey]}</p>
      ${
        retryAfter === undefined
          ? ''
          : html`<p>${say(words, 'try-again.in', { in: inWords(reader, retryAfter) })}</p>`
      }
      ${button}`,
  };
}
