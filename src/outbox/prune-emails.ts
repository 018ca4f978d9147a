import type { Context } from '../context.js';
import type { PruneRequest } from '../database/prune-rows.js';
import type { EmailStatus } from './outbox-email.js';

const chunk = 1000;

export interface PruneEmailsRequest extends PruneRequest {
  /** Dead ones only an operator removes. */
  statuses: readonly Extract<EmailStatus, 'published' | 'obsolete' | 'dead'>[];
}

/**
 * Deletes emails that were settled longer ago than that. Walks the primary key from its oldest end in short transactions
 * and stops at the first row that is young, so that history needs no index of its own. Resolves with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneEmails(
  { database }: Pick<Context, 'database'>,
  { statuses, olderThan, isOver = () => false, onPruned }: PruneEmailsRequest,
): Promise<number> {
  const table = database.table('email_outbox');
  let pruned = 0;
  let after = '0';
  for (;;) {
    // SQL: walks the key and deletes in one statement.
    const [step] = await database.query<{ last: string | null; seen: string; removed: string }>(
      `with oldest as (
         select id from ${table}
         where id > $1 and created_at < ${database.now()} - $2 * interval '1 millisecond'
           and id <= (select max(id) from (select id from ${table} where id > $1 order by id limit $3) as next)
       ), removed as (
         delete from ${table} o using oldest
         -- Of the row as it is, not as it was seen: an operator may be replaying it.
         where o.id = oldest.id and o.status = any($4)
           and ${settledAt('o.')} < ${database.now()} - $2 * interval '1 millisecond'
         returning o.id
       )
       select max(id) as last, count(*) as seen, (select count(*) from removed) as removed from oldest`,
      [after, olderThan, chunk, statuses],
    );
    pruned += Number(step?.removed);
    onPruned?.(Number(step?.removed));
    if (!step?.last || Number(step.seen) < chunk || isOver()) return pruned;
    after = step.last;
  }
}

/** When an email became what it is. Settling writes the time of the next attempt too, published or not; a replay clears the other. */
export function settledAt(alias: string): string {
  return `coalesce(${alias}published_at, ${alias}next_attempt_at)`;
}
