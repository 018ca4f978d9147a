import { AccountHeldError, FluentMeetError, ServiceUnavailableError } from '../errors.js';
import { describeError, type Logger } from '../logger.js';
import { ClientGoneError } from './request-errors.js';

/** One log line for what an operator should know of; the client's own mistakes are none. */
export function reportError(logger: Logger, route: string, error: unknown): void {
  if (error instanceof ClientGoneError) {
    logger.debug({ event: 'http.client-gone', route }, 'The client closed the connection');
  } else if (error instanceof ServiceUnavailableError) {
    const { reason } = error;
    logger.warn({ event: 'http.unavailable', route, reason, error: describeError(error) }, 'Answered 503');
  } else if (error instanceof AccountHeldError) {
    const { constraint, table } = error;
    logger.error(
      { event: 'http.account-held', route, constraint, table },
      'Answered 409: rows of the host refer to the account that its owner wants removed',
    );
  } else if (!(error instanceof FluentMeetError) || error.status === 500) {
    logger.error({ event: 'http.failed', route, error: describeError(error) }, 'Answered 500');
  }
}
