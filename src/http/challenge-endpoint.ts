import type { ServerResponse } from 'node:http';
import type { Altcha } from '../challenge/altcha.js';
import type { Internals } from '../fluentmeet.js';
import { endpoint } from './endpoint.js';
import type { HttpRequest, Middleware } from './middleware.js';
import { rateLimitersOf } from './rate-limiter.js';
import type { Reply } from './reply.js';

/** Hands out challenges to solve, where ALTCHA's are asked for. */
export function challengeEndpoint(context: Internals, altcha: Altcha): Middleware {
  return endpoint(context, 'signup-challenge', {
    GET: (own, req, res) => challengeReply(own, req, res, altcha),
  });
}

/** Each is for one signup: nothing on the way may keep it. */
export async function challengeReply(
  context: Internals,
  req: HttpRequest,
  res: ServerResponse,
  altcha: Altcha,
): Promise<Reply> {
  await rateLimitersOf(context).challenge(req, res);
  return { status: 200, headers: { 'Cache-Control': 'no-store' }, json: await altcha.issue() };
}
