import { UsageError } from '../cli-error.js';
import { requirePackageOf } from '../settings/require-package.js';
import { fail, type Finding, ok, warn } from './finding.js';

const deadline = 3_000;

/** Redis away is no failure: each process then limits for itself. */
export async function checkRedis(url: string): Promise<Finding> {
  try {
    requirePackageOf('REDIS_URL');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail('redis', error.message, error.advice ?? '');
  }
  const { createClient } = await import('@redis/client');
  const client = createClient({ url, socket: { connectTimeout: deadline, reconnectStrategy: false } });
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
