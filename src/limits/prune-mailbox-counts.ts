import type { Context } from '../context.js';
import type { PruneRequest } from '../database/prune-rows.js';

const chunk = 1000;

/**
 * Deletes the counts of mailboxes that had no mail for 25 hours, in short transactions along the primary key. Resolves
 * with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneMailboxCounts(
  { database }: Pick<Context, 'database'>,
  { isOver = () => false }: Pick<PruneRequest, 'isOver'> = {},
): Promise<number> {
  const table = database.table('mailbox_counts');
  let pruned = 0;
  let after: Buffer = Buffer.alloc(0);
  for (;;) {
    // SQL: walks the key and deletes in one statement.
    const [step] = await database.query<{ last: Buffer | null; removed: string }>(
      `with next as (
         select mailbox, budget, expires_at from ${table} where mailbox > $1 order by mailbox limit $2
       ), removed as (
         delete from ${table} c using next
         where c.mailbox = next.mailbox and c.budget = next.budget and next.expires_at < ${database.now()}
           -- As it is, not as it was seen: it may have been counted in meanwhile.
           and c.expires_at < ${database.now()}
         returning 1
       )
       select (select mailbox from next order by mailbox desc limit 1) as last,
         (select count(*) from removed) as removed`,
      [after, chunk],
    );
    pruned += Number(step?.removed);
    if (!step?.last || isOver()) return pruned;
    after = step.last;
  }
}
