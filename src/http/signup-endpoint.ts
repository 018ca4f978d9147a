import type { ServerResponse } from 'node:http';
import { requireChallenge } from '../challenge/require-challenge.js';
import type { Internals } from '../fluentmeet.js';
import { requestSignUp } from '../signup/request-sign-up.js';
import { signUpOnce } from '../signup/sign-up-once.js';
import { challengeOf } from './challenge-endpoint.js';
import { clientKey, type HttpRequest, type Middleware } from './http-request.js';
import { endpoint } from './endpoint.js';
import { rateLimitersOf } from './rate-limiter.js';
import { readBody } from './read-body.js';
import type { Reply } from './reply.js';
import { idempotencyKeyOf } from './signup-status-endpoint.js';
import { ClientGoneError } from './request-errors.js';

/** The one answer to a new and a known address, with `duplicates: 'conceal'`. */
export const signUpRequested = {
  status: 'ok',
  message: 'Almost done. Look into your inbox: we have written to this address.',
} as const;

export function signupEndpoint(context: Internals): Middleware {
  const limiters = rateLimitersOf(context);
  return endpoint(context, 'signup', {
    async POST(own, req, res) {
      await limiters.signup(req, res);
      const body = await readBody(req, ['json']);
      return signUpFor(own, req, res, body, idempotencyKeyOf(req));
    },
  });
}

/** Signs up whoever sent the request, as JSON or by a page's form: the reply is an API client's. */
export async function signUpFor(
  context: Internals,
  req: HttpRequest,
  res: ServerResponse,
  input: unknown,
  key: string | undefined,
): Promise<Reply> {
  const client = clientKey(req);
  const challenge = challengeOf(context);
  const own = {
    ...context,
    client,
    hasher: context.hasher.as({ client, requireAsker: () => requireClient(res) }),
    passChallenge: challenge && (() => requireChallenge(challenge, input, { client, idempotencyKey: key })),
  };
  if (context.config.duplicates !== 'conceal') {
    return { status: 201, json: await signUpOnce(own, input, key) };
  }
  await requestSignUp(own, input, key);
  return { status: 202, json: signUpRequested };
}

/** Nothing is hashed for a client that has gone: a flood of hasty ones would fill the queue for nobody. */
function requireClient(res: ServerResponse): void {
  if (res.destroyed || res.closed) throw new ClientGoneError();
}
