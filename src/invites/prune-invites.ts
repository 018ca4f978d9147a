import type { Context } from '../context.js';
import { type PruneRequest, pruneRows } from '../database/prune-rows.js';

/**
 * Deletes invites that expired, were revoked or were used up longer ago than that. Resolves with how many went.
 *
 * @throws as `pruneRows`
 */
export function pruneInvites(
  { database }: Pick<Context, 'database'>,
  request: PruneRequest,
): Promise<number> {
  const isOld = (cutoff: string) =>
    `expires_at < ${cutoff} or revoked_at < ${cutoff} or spent_at < ${cutoff}`;
  return pruneRows(database, { name: 'invites', key: 'id', isOld }, request);
}
