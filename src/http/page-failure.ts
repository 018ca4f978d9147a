import type { ServerResponse } from 'node:http';
import { Html } from '../html.js';
import type { Logger } from '../logger.js';
import { say } from '../words/say.js';
import { errorReply } from './error-reply.js';
import { failureOf, failurePage } from './pages/failure-pages.js';
import { buttonLink, linkLanguages, ownPath, pageReply, type Setting } from './pages/page.js';
import type { Reply } from './reply.js';
import { reportError } from './report-error.js';
import { ClientGoneError } from './request-errors.js';

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
  const seconds = Number(headers['Retry-After'] ?? res.getHeader('Retry-After'));
  const sends = again instanceof Html;
  const button = sends
    ? again
    : buttonLink(ownPath(setting.reader, again), say(setting.reader.words, 'try-again'));
  const page = failurePage(setting, failureOf(status), seconds > 0 ? seconds : undefined, button);
  const changeLanguage = sends ? undefined : linkLanguages(again);
  return pageReply(setting, status, { ...page, changeLanguage }, headers);
}
