import type { ServerResponse } from 'node:http';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import type { Internals } from '../fluentmeet.js';
import type { RateLimitName } from '../rate-limit-store.js';
import { clientKey } from './client-key.js';
import { createFailoverStore } from './failover-store.js';
import type { HttpRequest } from './middleware.js';
import { RateLimitExceededError } from './request-errors.js';

/** Counts one request and sets the RateLimit headers. @throws RateLimitExceededError, with Retry-After set */
type RateLimiter = (req: HttpRequest, res: ServerResponse) => Promise<void>;

export type RateLimiters = Readonly<Record<RateLimitName, RateLimiter>>;

const limitersByInstance = new WeakMap<Internals, RateLimiters>();

/** One limiter of each name for an instance, however many routers are made of it: they share one budget. */
export function rateLimitersOf(context: Internals): RateLimiters {
  let limiters = limitersByInstance.get(context);
  if (!limiters) {
    const checkTrustProxy = createTrustProxyCheck(context);
    const create = (name: RateLimitName) => createRateLimiter(context, name, checkTrustProxy);
    limiters = { signup: create('signup'), verify: create('verify'), resend: create('resend') };
    limitersByInstance.set(context, limiters);
  }
  return limiters;
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
    handler: (_req, _res, next) => next(new RateLimitExceededError()),
  });
  return (req, res) => {
    checkTrustProxy(req);
    return new Promise((resolve, reject) => {
      const next = (error?: unknown) => (error ? reject(error) : resolve());
      void middleware(req as never, res as never, next);
    });
  };
}

/** Only a request shows the host's settings. With `true` any client can invent an address for each request. */
function createTrustProxyCheck({ logger }: Internals): (req: HttpRequest) => void {
  let checked = false;
  return ({ app }) => {
    if (checked || !app) return;
    checked = true;
    if (app.get('trust proxy') !== true) return;
    logger.warn(
      { event: 'rate-limit.trust-proxy' },
      "Express's `trust proxy` is true: any client can forge its address and escape the rate limits. " +
        'Set it to the number of proxies, or to their addresses',
    );
  };
}
