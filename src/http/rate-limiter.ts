import type { ServerResponse } from 'node:http';
import { MemoryStore, rateLimit, type RateLimitInfo } from 'express-rate-limit';
import type { Internals } from '../fluentmeet.js';
import { getOrMake } from '../get-or-make.js';
import type { RateLimitName } from '../rate-limit-store.js';
import { clientKey, type HttpRequest } from './http-request.js';
import { createFailoverStore } from './failover-store.js';
import { forRequest } from './request-id.js';
import { RateLimitExceededError } from './request-errors.js';
import { createTrustProxyCheck } from './host-checks.js';

/** Counts one request and sets the RateLimit headers. @throws RateLimitExceededError, with Retry-After set */
type RateLimiter = (req: HttpRequest, res: ServerResponse) => Promise<void>;

export type RateLimiters = Readonly<Record<RateLimitName, RateLimiter>>;

/** By its configuration, which the contexts of its requests share. */
const limitersByInstance = new WeakMap<Internals['config'], RateLimiters>();

/** One limiter of each name for an instance, however many routers are made of it: they share one budget. */
export function rateLimitersOf(context: Internals): RateLimiters {
  return getOrMake(limitersByInstance, context.config, () => {
    const checkTrustProxy = createTrustProxyCheck(context);
    const names = Object.keys(context.config.rateLimits) as RateLimitName[];
    return Object.fromEntries(
      names.map((name) => [name, createRateLimiter(context, name, checkTrustProxy)]),
    ) as RateLimiters;
  });
}

function createRateLimiter(
  { config, logger }: Internals,
  name: RateLimitName,
  checkTrustProxy: (req: HttpRequest) => void,
): RateLimiter {
  const { rateLimits, rateLimitStore } = config;
  const middleware = rateLimit({
    windowMs: 60_000,
    limit: rateLimits[name],
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks write to the console. Ours is `checkTrustProxy`.
    validate: false,
    // A host's own limiter keeps `req.rateLimit`.
    requestPropertyName: 'fluentmeetRateLimit',
    keyGenerator: (req) => clientKey(req),
    store: rateLimitStore ? createFailoverStore(name, rateLimitStore, logger) : new MemoryStore(),
    handler: (req, _res, next) => {
      const { used, limit } = (req as unknown as { fluentmeetRateLimit: RateLimitInfo }).fluentmeetRateLimit;
      // The first beyond the limit, in whichever process that shares the count: one line a client and minute.
      if (used === limit + 1) {
        forRequest({ logger }, req).logger.warn(
          { event: 'rate-limit.exceeded', limiter: name, client: clientKey(req) },
          'Answered 429, and does so until the minute is over',
        );
      }
      next(new RateLimitExceededError());
    },
  });
  return (req, res) => {
    checkTrustProxy(req);
    return new Promise((resolve, reject) => {
      const next = (error?: unknown) => (error ? reject(error) : resolve());
      void middleware(req as never, res as never, next);
    });
  };
}
