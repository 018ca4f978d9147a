import type { Context } from '../context.js';
import { type PruneRequest, pruneRows } from '../database/prune-rows.js';

/** Deletes verification tokens that expired longer ago than that. Resolves with how many went. @throws as `pruneRows` */
export function pruneTokens({ database }: Pick<Context, 'database'>, request: PruneRequest): Promise<number> {
  const isOld = (cutoff: string) => `expires_at < ${cutoff}`;
  return pruneRows(database, { name: 'verification_tokens', key: 'id', isOld }, request);
}
