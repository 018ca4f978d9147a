import type { ServerResponse } from 'node:http';
import { NotFoundError, ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import type { Internals } from '../fluentmeet.js';
import { signUpStatus } from '../signup/find-keyed-sign-up.js';
import { parseIdempotencyKey } from '../signup/idempotency-key.js';
import { endpoint } from './endpoint.js';
import type { HttpRequest, Middleware } from './http-request.js';
import { rateLimitersOf } from './rate-limiter.js';
import type { Reply } from './reply.js';

/** Tells the page that waits whether the signup of its `Idempotency-Key` was verified meanwhile. */
export function signupStatusEndpoint(context: Internals): Middleware {
  return endpoint(context, 'signup-status', { GET: signUpStatusReply });
}

export async function signUpStatusReply(
  context: Internals,
  req: HttpRequest,
  res: ServerResponse,
): Promise<Reply> {
  await rateLimitersOf(context).status(req, res);
  const key = idempotencyKeyOf(req);
  if (key === undefined) throw new ValidationError([fault(header, 'IDEMPOTENCY_KEY_MISSING')]);
  const status = await signUpStatus(context, key);
  if (!status) throw new NotFoundError('No signup of the last day came with this key.');
  return { status: 200, json: { status } };
}

const header = 'Idempotency-Key';

/** @throws ValidationError (`VALIDATION_ERROR`) for a header that holds no key */
export function idempotencyKeyOf({ headers }: HttpRequest): string | undefined {
  const value = headers['idempotency-key'];
  if (value === undefined) return undefined;
  const key = parseIdempotencyKey(String(value));
  if (key === null) throw new ValidationError([fault(header, 'IDEMPOTENCY_KEY_MALFORMED')]);
  return key;
}
