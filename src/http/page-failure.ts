import type { ServerResponse } from 'node:http';
import { AccountHeldError } from '../errors.js';
import { html, Html } from '../html.js';
import type { Logger } from '../logger.js';
import { say } from '../words/say.js';
import type { WordKey } from '../words/words.js';
import { errorReply, reportError } from './error-reply.js';
import { buttonLink, inWords, linkLanguages, ownPath, pageReply, type Setting } from './pages/page.js';
import type { Reply } from './reply.js';
import { ClientGoneError } from './request-errors.js';

/** What stands in the place of an answer: `failed` alone, and `away`, are our fault. */
type Failure = 'too-many' | 'too-large' | 'unreadable' | 'away' | 'failed' | 'not-found' | 'held';

export function failureOf(status: number): Failure {
  if (status === 429) return 'too-many';
  if (status === 503) return 'away';
  if (status === 413) return 'too-large';
  if (status === 404) return 'not-found';
  return status < 500 ? 'unreadable' : 'failed';
}

/**
 * The status and headers that an API client gets, as a page in words.
 *
 * @param again what sends everything once more, or the parameters that open the page once more, in another language, too
 * @throws ClientGoneError, whom nobody has to answer
 */
export function failureReply(
  setting: Setting,
  { logger, route, res }: { logger: Logger; route: string; res: ServerResponse },
  error: unknown,
  again: Html | Readonly<Record<string, string>>,
): Reply {
  if (error instanceof ClientGoneError) throw error;
  reportError(logger, route, error);
  const { status, headers = {} } = errorReply(error);
  const { reader } = setting;
  const { words } = reader;
  const failure = error instanceof AccountHeldError ? 'held' : failureOf(status);
  const seconds = Number(headers['Retry-After'] ?? res.getHeader('Retry-After'));
  const sends = again instanceof Html;
  const { supportUrl } = setting.look.brand;
  const tryAgain = sends ? again : buttonLink(ownPath(reader, again), say(words, 'try-again'));
  const support = supportUrl === undefined ? '' : buttonLink(supportUrl, say(words, 'support'));
  const page = {
    title: words[`${failure}.title` satisfies WordKey],
    content: html`<p>${words[`${failure}.text` satisfies WordKey]}</p>
      ${seconds > 0 ? html`<p>${say(words, 'try-again.in', { in: inWords(reader, seconds) })}</p>` : ''}
      ${
        // Only the host can do something about it: the same again is answered the same.
        failure === 'held' ? support : tryAgain
      }`,
    changeLanguage: sends ? undefined : linkLanguages(again),
  };
  return pageReply(setting, status, page, headers);
}
