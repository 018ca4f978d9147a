import type { ServerResponse } from 'node:http';
import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { getOrMake } from '../get-or-make.js';
import { type Altcha, createAltcha, type SpendSolution } from '../challenge/altcha.js';
import type { Challenge } from '../challenge/require-challenge.js';
import type { Internals } from '../fluentmeet.js';
import { endpoint } from './endpoint.js';
import { createFailoverStore } from './failover-store.js';
import type { HttpRequest, Middleware } from './http-request.js';
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

type ChallengeContext = Pick<Internals, 'config' | 'logger'>;

/** What a signup over HTTP has to pass: the host's own, or ALTCHA's. */
export function challengeOf(context: ChallengeContext): Challenge | undefined {
  const { challenge } = context.config;
  return typeof challenge === 'function' ? challenge : altchaOf(context)?.check;
}

/** By its configuration, which the contexts of its requests share. */
const byInstance = new WeakMap<Internals['config'], Altcha>();

/** One for an instance, however many routers are made of it: they share what was spent. Undefined where it is not set. */
export function altchaOf(context: ChallengeContext): Altcha | undefined {
  const { config } = context;
  const { challenge, secret, previousSecrets } = config;
  if (typeof challenge !== 'object') return undefined;
  return getOrMake(byInstance, config, () => {
    const spend = rememberSpent(context, challenge.altcha.lifetime);
    return createAltcha({ secret, previousSecrets, ...challenge }, spend);
  });
}

/** How often one signup may come with its one solution: a client that lost the answer, not one that tries on. */
const mostTries = 3;

/**
 * Remembers solutions as the limiters count: in the shared store, where there is one, and always in this process too, which
 * has spent what it has spent when that store goes away or comes back empty.
 *
 * A store counts and keeps nothing else. Each use counts once for the solution and once for the solution with its signup, in
 * this order: whoever else used it makes the first the greater, for good.
 */
function rememberSpent({ config, logger }: ChallengeContext, lifetime: number): SpendSolution {
  const { rateLimitStore } = config;
  const stores: Store[] = [new MemoryStore()];
  if (rateLimitStore) stores.push(createFailoverStore('solutions', rateLimitStore, logger));
  // Counted from the first use, and clocks differ: longer than any solution is good.
  for (const store of stores) void store.init?.({ windowMs: 2 * lifetime } as Options);
  const isUnspentIn = async (store: Store, solution: string, signup: string | undefined) => {
    const count = async (key: string) => (await store.increment(key)).totalHits;
    if (signup === undefined) return (await count(solution)) === 1;
    const [bySignup, byAll] = await Promise.all([count(`${solution}:${signup}`), count(solution)]);
    return byAll <= bySignup && bySignup <= mostTries;
  };
  return async (solution, signup) => {
    for (const store of stores) {
      if (!(await isUnspentIn(store, solution, signup))) return false;
    }
    return true;
  };
}
