import type { Context } from '../context.js';
import { pruneAlongKey } from '../database/prune-along-key.js';
import type { PruneRequest } from '../database/prune-rows.js';

/** Several budgets have a row for one mailbox. */
const counts = {
  name: 'mailbox_counts',
  key: { mailbox: Buffer.alloc(0), budget: '' },
  isOld: (cutoff: string) => `expires_at < ${cutoff}`,
} as const;

/**
 * Deletes the counts of mailboxes that had no mail for 25 hours. Resolves with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneMailboxCounts(
  { database }: Pick<Context, 'database'>,
  request: Omit<PruneRequest, 'olderThan'> = {},
): Promise<number> {
  // They expire at the end of that time themselves.
  return pruneAlongKey(database, counts, { ...request, olderThan: 0 });
}
