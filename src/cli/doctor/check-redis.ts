import { UsageError } from '../cli-error.js';
import { loadRedis } from '../server/load-redis.js';
import { fail, type Finding, ok, warn } from './finding.js';

const deadline = 3_000;

/** Redis away is no failure: each process then limits for itself. */
export async function checkRedis(url: string): Promise<Finding> {
  const found = await loadRedis().catch((error: unknown) => {
    if (error instanceof UsageError) return error;
    throw error;
  });
  if (found instanceof UsageError) return fail('redis', found.message, found.advice ?? '');
  const client = found.createClient({ url, socket: { connectTimeout: deadline, reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.ping();
    return ok('redis', 'answers');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return warn(
      'redis',
      `cannot be used (${code ?? 'refused'})`,
      'Fix REDIS_URL or start it. Meanwhile each process counts its rate limits for itself.',
    );
  } finally {
    client.destroy();
  }
}
