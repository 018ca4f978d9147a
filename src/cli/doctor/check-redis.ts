import { withDeadline } from '../../deadline.js';
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
    // The connecting has a deadline of its own, what is said afterwards has none.
    await withDeadline(
      client.connect().then(() => client.ping()),
      deadline,
      'asking Redis',
    );
    return ok('redis', 'answers');
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const reason = code ?? (name === 'DeadlineError' ? 'no answer' : 'refused');
    return warn(
      'redis',
      `cannot be used (${reason})`,
      'Fix REDIS_URL or start it. Meanwhile each process counts its rate limits for itself.',
    );
  } finally {
    client.destroy();
  }
}
