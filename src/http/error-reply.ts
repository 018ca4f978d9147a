import {
  AccountHeldError,
  type ErrorCode,
  FluentMeetError,
  ServiceUnavailableError,
  SignUpRefusedError,
  ValidationError,
} from '../errors.js';
import type { FaultDetail } from '../faults.js';
import { describeError, type Logger } from '../logger.js';
import { ClientGoneError, MethodNotAllowedError } from './request-errors.js';
import type { Reply } from './reply.js';

/** Seconds. An outage that ends does so in the time of a fail-over or a drained queue. */
const retryAfter = '5';

/** What a client is told of an error: `{ status, code, message, details }` and nothing else. */
export interface ErrorBody {
  status: 'error';
  code: string;
  message: string;
  details: readonly FaultDetail[];
}

export function errorReply(error: unknown): Reply & { json: ErrorBody } {
  const known = error instanceof FluentMeetError && error.status !== 500 ? error : undefined;
  const code = known?.code ?? 'INTERNAL_SERVER_ERROR';
  const refused = known instanceof SignUpRefusedError ? known : undefined;
  return {
    status: known?.status ?? 500,
    headers: {
      ...(known instanceof MethodNotAllowedError ? { Allow: known.allow } : {}),
      ...(code === 'SERVICE_UNAVAILABLE' ? { 'Retry-After': retryAfter } : {}),
    },
    json: {
      status: 'error',
      code: refused?.reason ?? code,
      message: known ? publicMessage(known) : 'Something went wrong on our side. Try again later.',
      details: known instanceof ValidationError ? known.details : [],
    },
  };
}

/** Which tables a host has is nobody's business but its own. */
function publicMessage(error: FluentMeetError): string {
  return error instanceof AccountHeldError ? 'This account cannot be removed at the moment.' : error.message;
}

/** What tries to get around a control, or looks like it (ASVS 5.0, 16.3.3). The limiter bounds the lines of a client. */
const attempts: ReadonlySet<ErrorCode> = new Set([
  'CHALLENGE_REQUIRED',
  'IDEMPOTENCY_KEY_REUSED',
  'INVALID_TOKEN',
  'INVITE_INVALID',
  'INVITE_REQUIRED',
  'WRONG_PASSWORD',
]);

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
  } else if (attempts.has(error.code)) {
    logger.info({ event: 'http.refused', route, code: error.code }, 'Refused');
  }
}
