import { RedisStore } from 'rate-limit-redis';
import { describeError, type Logger } from '../../logger.js';
import type { RateLimitStoreFactory } from '../../rate-limit-store.js';
import { requirePackageOf } from '../settings/require-package.js';

export interface RedisClient {
  sendCommand(command: string[]): Promise<unknown>;
  close(): void;
}

/**
 * Connects in the background and goes on trying; without Redis a command fails at once (no offline queue), and whoever
 * asked does without.
 *
 * @throws UsageError where its package is not installed
 */
export async function connectRedis(url: string, logger: Logger): Promise<RedisClient> {
  requirePackageOf('REDIS_URL');
  // As large as all the rest of this package.
  const { createClient } = await import('@redis/client');
  let closed = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    pingInterval: 10_000,
    socket: {
      connectTimeout: 3_000,
      reconnectStrategy: (retries) =>
        !closed && Math.min(100 * 2 ** retries, 5_000) * (0.5 + Math.random() / 2),
    },
  });
  let away = false;
  client.on('error', (error: unknown) => {
    // An error event comes with every attempt; who reads the log wants the outage once.
    if (away || closed) return;
    away = true;
    logger.warn({ event: 'redis.away', error: safeError(error) }, 'Redis cannot be reached; trying on');
  });
  client.on('ready', () => {
    if (away && !closed) logger.info({ event: 'redis.back' }, 'Redis answers again');
    away = false;
  });
  client.connect().catch(() => undefined);
  return {
    sendCommand: (command) => client.sendCommand(command),
    close() {
      closed = true;
      // Not while it connects: it would go on to, and hold the process for good.
      if (client.isReady) client.destroy();
      else client.once('ready', () => client.destroy());
    },
  };
}

/** Redis quotes the arguments of a refused AUTH in none of its errors; the code alone is enough all the same. */
function safeError(error: unknown): { name: string; code?: string } {
  const { name, code, message } = describeError(error);
  return code ? { name, code } : { name, code: message.split(' ')[0] ?? '' };
}

/** Rate limits that several processes share. Without Redis the limiters count in memory. */
export function redisRateLimits(redis: RedisClient): RateLimitStoreFactory {
  return (name) =>
    new RedisStore({
      prefix: `fluentmeet:rate-limit:${name}:`,
      sendCommand: (...command: string[]) => redis.sendCommand(command) as never,
    });
}
