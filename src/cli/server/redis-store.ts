import { RedisStore } from 'rate-limit-redis';
import type { RateLimitStoreFactory } from '../../rate-limit-store.js';
import type { RedisClient } from './redis-client.js';

/** Rate limits that several processes share. Without Redis the limiters count in memory. */
export function redisRateLimits(redis: RedisClient): RateLimitStoreFactory {
  return (name) =>
    new RedisStore({
      prefix: `fluentmeet:rate-limit:${name}:`,
      sendCommand: (...command: string[]) => redis.sendCommand(command) as never,
    });
}
