import { type ErrorCode, FluentMeetError, SignUpRefusedError, ValidationError } from '../errors.js';
import type { FaultDetail } from '../faults.js';
import { MethodNotAllowedError } from './request-errors.js';
import type { Reply } from './reply.js';

/** The HTTP status of every code. What is 500 here is no client's business, and is answered without its cause. */
export const errorStatus: Readonly<Record<ErrorCode | 'INTERNAL_SERVER_ERROR', number>> = {
  VALIDATION_ERROR: 400,
  INVALID_JSON: 400,
  MISSING_TOKEN: 400,
  INVALID_TOKEN: 400,
  TOKEN_EXPIRED: 400,
  SIGNUP_CLOSED: 403,
  INVITE_REQUIRED: 403,
  INVITE_INVALID: 403,
  SIGNUP_REFUSED: 403,
  EMAIL_NOT_VERIFIED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  EMAIL_ALREADY_REGISTERED: 409,
  ACCOUNT_HELD: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL_SERVER_ERROR: 500,
  INVALID_OPTIONS: 500,
  SCHEMA_CONFLICT: 500,
  SCHEMA_AHEAD: 500,
  UNSUITABLE_DATABASE: 500,
  DATABASE_ERROR: 500,
  HOOK_FAILED: 500,
  SERVICE_UNAVAILABLE: 503,
};

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
  const known = error instanceof FluentMeetError && errorStatus[error.code] !== 500 ? error : undefined;
  const code = known?.code ?? 'INTERNAL_SERVER_ERROR';
  const refused = known instanceof SignUpRefusedError ? known : undefined;
  return {
    status: refused?.status ?? errorStatus[code],
    headers: {
      ...(known instanceof MethodNotAllowedError ? { Allow: known.allow } : {}),
      ...(code === 'SERVICE_UNAVAILABLE' ? { 'Retry-After': retryAfter } : {}),
    },
    json: {
      status: 'error',
      code: refused?.reason ?? code,
      message: known?.message ?? 'Something went wrong on our side. Try again later.',
      details: known instanceof ValidationError ? known.details : [],
    },
  };
}
