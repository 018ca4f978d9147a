import type { Context } from '../context.js';

const chunk = 1000;

/**
 * Deletes published and obsolete emails older than the retention; dead ones only an operator removes. Walks the primary
 * key from its oldest end in short transactions and stops at the first row that is young, so that history needs no
 * index of its own. Resolves with how many went.
 *
 * @param isOver asked between the transactions, to end it early
 * @param olderThan milliseconds; default the retention
 */
export async function pruneEmails(
  { database, config, logger }: Context,
  isOver: () => boolean = () => false,
  olderThan: number = config.emailRetention,
): Promise<number> {
  let pruned = 0;
  let after = '0';
  for (;;) {
    const [step] = await database.query<{ last: string | null; seen: string; removed: string }>(
      `with oldest as (
         select id, status from ${database.table('email_outbox')}
         where id > $1 and created_at < ${database.now()} - $2 * interval '1 millisecond'
           and id <= (select max(id) from (
             select id from ${database.table('email_outbox')} where id > $1 order by id limit $3
           ) as next)
       ), removed as (
         delete from ${database.table('email_outbox')} o using oldest
         -- Of the row as it is, not as it was seen: an operator may be replaying it.
         where o.id = oldest.id and o.status in ('published', 'obsolete') returning o.id
       )
       select max(id) as last, count(*) as seen, (select count(*) from removed) as removed from oldest`,
      [after, olderThan, chunk],
    );
    pruned += Number(step?.removed);
    if (!step?.last || Number(step.seen) < chunk || isOver()) break;
    after = step.last;
  }
  if (pruned > 0) logger.info({ event: 'emails.pruned', count: pruned }, 'Old emails pruned');
  return pruned;
}
