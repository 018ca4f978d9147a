import type { Context } from '../context.js';
import { type PruneRequest, pruneRows } from '../database/prune-rows.js';

/** The hour itself: then it is over. */
const olderThan = 3_600_000;

/** Deletes the counts of domains whose last hour is over. Resolves with how many went. @throws as `pruneRows` */
export function pruneDomainCounts(
  { database }: Pick<Context, 'database'>,
  { isOver }: Pick<PruneRequest, 'isOver'> = {},
): Promise<number> {
  const isOld = (cutoff: string) => `hour < ${cutoff}`;
  return pruneRows(database, { name: 'domain_counts', key: 'domain', isOld }, { olderThan, isOver });
}
