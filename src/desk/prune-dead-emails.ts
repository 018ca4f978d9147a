import type { Context } from '../context.js';

const chunk = 1000;

export interface PruneDeadRequest {
  /** Least age of an email, in milliseconds. */
  olderThan: number;
  /** Ends it after the batch at hand. */
  signal?: AbortSignal | undefined;
}

/** Deletes dead emails, which nothing else removes; in SQL, for it works in parts past what others lock. Resolves with how many went. @throws ServiceUnavailableError */
export async function pruneDeadEmails(
  { database }: Context,
  { olderThan, signal }: PruneDeadRequest,
): Promise<number> {
  const table = database.table('email_outbox');
  let pruned = 0;
  while (!signal?.aborted) {
    const removed = await database.query(
      `delete from ${table} where id in (
         select id from ${table}
         where status = 'dead' and created_at < ${database.now()} - $1 * interval '1 millisecond'
         order by id limit $2 for update skip locked
       ) and status = 'dead' returning id`,
      [olderThan, chunk],
    );
    pruned += removed.length;
    if (removed.length < chunk) break;
  }
  return pruned;
}
