import type { Context } from '../context.js';
import { type PruneRequest, pruneRows } from '../database/prune-rows.js';

/** A day, for which a key is good, and an hour. */
const olderThan = 25 * 3_600_000;

/** Deletes the keys of signups that are of no more use. Resolves with how many went. @throws as `pruneRows` */
export function pruneSignUpKeys(
  { database }: Pick<Context, 'database'>,
  { isOver }: Pick<PruneRequest, 'isOver'> = {},
): Promise<number> {
  const isOld = (cutoff: string) => `created_at < ${cutoff}`;
  return pruneRows(database, { name: 'signup_keys', key: 'key_hash', isOld }, { olderThan, isOver });
}
