import type * as redisClient from '@redis/client';
import { UsageError } from '../cli-error.js';

type RedisPackage = Pick<typeof redisClient, 'createClient'>;

/**
 * Redis's client is as large as all the rest of this package: who sets REDIS_URL installs it.
 *
 * @throws UsageError that names it where it is missing
 */
export async function loadRedis(
  load = (): Promise<RedisPackage> => import('@redis/client'),
): Promise<RedisPackage> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      'REDIS_URL is set, and the package @redis/client is not installed',
      'Install it: npm install @redis/client. Or unset REDIS_URL.',
    );
  }
}
