import type { ServerResponse } from 'node:http';
import type { Html } from '../html.js';
import type { Logger } from '../logger.js';
import { errorReply } from './error-reply.js';
import { failureOf, failurePage } from './pages/failure-pages.js';
import { pageReply, type Setting } from './pages/page.js';
import type { Reply } from './reply.js';
import { reportError } from './report-error.js';
import { ClientGoneError } from './request-errors.js';

/**
 * The status and headers that an API client gets, as a page in words.
 *
 * @param button what tries again, with everything that was sent
 * @throws ClientGoneError, whom nobody has to answer
 */
export function failureReply(
  setting: Setting,
  { logger, route, res }: { logger: Logger; route: string; res: ServerResponse },
  error: unknown,
  button: Html,
): Reply {
  if (error instanceof ClientGoneError) throw error;
  reportError(logger, route, error);
  const { status, headers = {} } = errorReply(error);
  const seconds = Number(headers['Retry-After'] ?? res.getHeader('Retry-After'));
  const page = failurePage(setting, failureOf(status), seconds > 0 ? seconds : undefined, button);
  return pageReply(setting, status, page, headers);
}
