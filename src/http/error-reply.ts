import { AccountHeldError, FluentMeetError, SignUpRefusedError, ValidationError } from '../errors.js';
import type { FaultDetail } from '../faults.js';
import { MethodNotAllowedError } from './request-errors.js';
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
