import type { Context } from '../context.js';
import type { PruneRequest } from '../outbox/prune-emails.js';

const chunk = 1000;

/**
 * Deletes verification tokens that expired longer ago than that, some at a time. In SQL, for it goes by the database's
 * clock and in parts. Resolves with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneTokens(
  { database }: Pick<Context, 'database'>,
  { olderThan, isOver = () => false }: PruneRequest,
): Promise<number> {
  const table = database.table('verification_tokens');
  let pruned = 0;
  for (;;) {
    const removed = await database.query(
      `delete from ${table} where id = any (array(
         select id from ${table} where expires_at < ${database.now()} - $1 * interval '1 millisecond' limit $2
       )) returning id`,
      [olderThan, chunk],
    );
    pruned += removed.length;
    if (removed.length < chunk || isOver()) return pruned;
  }
}
