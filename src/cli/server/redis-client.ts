import { RedisStore } from 'rate-limit-redis';
import { withDeadline } from '../../deadline.js';
import type { Logger } from '../../logger.js';
import type { RateLimitStoreFactory } from '../../rate-limit-store.js';
import { describeRedisError } from '../../redis-error.js';
import { requirePackageOf } from '../settings/require-package.js';

export interface RedisClient {
  sendCommand(command: string[]): Promise<unknown>;
  close(): void;
}

/** How long Redis may say nothing to a command, and how often it is asked where nobody else does. */
const patience = 1_000;
const pingInterval = 10_000;
/** After so long a connection without a word is given up: longer than from one ping to the next. */
const usualSilence = 15_000;

/**
 * Connects in the background and goes on trying; without Redis a command fails at once (no offline queue), and whoever
 * asked does without. So it does while Redis is silent and still connected: the client's own deadline for a command ends
 * when that is written.
 *
 * @throws UsageError where its package is not installed
 */
export async function connectRedis(
  url: string,
  logger: Logger,
  { mostSilence = usualSilence } = {},
): Promise<RedisClient> {
  requirePackageOf('REDIS_URL');
  // As large as all the rest of this package.
  const { createClient } = await import('@redis/client');
  let closed = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    pingInterval,
    socket: {
      connectTimeout: 3_000,
      socketTimeout: mostSilence,
      reconnectStrategy: (retries) =>
        !closed && Math.min(100 * 2 ** retries, 5_000) * (0.5 + Math.random() / 2),
    },
  });
  let away: string | undefined;
  client.on('error', (error: unknown) => {
    // An error event comes with every attempt; who reads the log wants the outage once, and each new reason.
    const said = describeRedisError(error);
    const kind = said.code ?? said.message;
    if (away === kind || closed) return;
    away = kind;
    logger.warn({ event: 'redis.away', error: said }, 'Redis cannot be reached; trying on');
  });
  // Nothing is written meanwhile: a write would put off the end of the connection.
  let silent = false;
  const heard = (): void => {
    silent = false;
  };
  client.on('ready', () => {
    heard();
    if (away !== undefined && !closed) logger.info({ event: 'redis.back' }, 'Redis answers again');
    away = undefined;
  });
  client.connect().catch(() => undefined);
  return {
    async sendCommand(command) {
      if (silent) throw new Error('Redis is silent');
      const asking = client.sendCommand(command);
      return withDeadline(asking, patience, () => {
        silent = true;
        // A late error is an answer as well. One of the client's own does no harm: what is asked then fails by itself.
        asking.then(heard, heard);
        return new Error('Redis is silent');
      });
    },
    close() {
      closed = true;
      // Not while it connects: it would go on to, and hold the process for good.
      if (client.isReady) client.destroy();
      else client.once('ready', () => client.destroy());
    },
  };
}

/** Rate limits that several processes share. Without Redis the limiters count in memory. */
export function redisRateLimits(redis: RedisClient): RateLimitStoreFactory {
  return (name) =>
    new RedisStore({
      prefix: `fluentmeet:rate-limit:${name}:`,
      sendCommand: (...command: string[]) => redis.sendCommand(command) as never,
    });
}
