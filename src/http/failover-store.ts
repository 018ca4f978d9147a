import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { withDeadline } from '../deadline.js';
import { describeError, type Logger } from '../logger.js';
import type { RateLimitCount, RateLimitStore, RateLimitStoreFactory } from '../rate-limit-store.js';

/** How long a request waits for the shared store, and how long nobody asks it again after a failure. */
const patience = 300;
const pause = 5_000;

/**
 * Counts in the shared store, and in this process's memory while that is away: never unlimited, never an error. One
 * warning for each outage; during it one request in five seconds tries whether it is over.
 */
export function createFailoverStore(
  name: Parameters<RateLimitStoreFactory>[0],
  makeShared: RateLimitStoreFactory,
  logger: Logger,
): Store {
  const memory = new MemoryStore();
  let options: Options | undefined;
  let shared: RateLimitStore | undefined;
  let away = false;
  let nextTry = 0;

  async function incrementShared(key: string): Promise<RateLimitCount> {
    if (!shared || away) {
      shared ??= makeShared(name);
      // Again after a failure: a store that prepared something at the start (rate-limit-redis: its scripts) and
      // failed would stay broken. Its own failure shows in `increment`.
      for (const late of [shared, shared.init?.(options as never)]) {
        void Promise.resolve(late).catch(() => undefined);
      }
    }
    const count = await shared.increment(key);
    if (!(Number.isInteger(count.totalHits) && count.totalHits > 0)) {
      throw new TypeError('the store did not count: totalHits is not a positive whole number');
    }
    return count;
  }

  return {
    init(given) {
      options = given;
      memory.init(given);
    },
    async increment(key) {
      if (performance.now() < nextTry) return memory.increment(key);
      if (away) nextTry = performance.now() + pause;
      try {
        const count = await withDeadline(incrementShared(key), patience, 'the shared rate-limit store');
        if (away) {
          logger.info({ event: 'rate-limit.store-back', limiter: name }, 'Limits are shared again');
        }
        away = false;
        nextTry = 0;
        return count;
      } catch (error) {
        if (!away) {
          logger.warn(
            { event: 'rate-limit.store-away', limiter: name, error: describeError(error) },
            'The shared rate-limit store does not answer: each process limits by itself',
          );
        }
        away = true;
        nextTry = performance.now() + pause;
        return memory.increment(key);
      }
    },
    decrement: (key) => memory.decrement(key),
    resetKey: (key) => memory.resetKey(key),
  };
}
