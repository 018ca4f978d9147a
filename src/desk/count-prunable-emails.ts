import type { Context } from '../context.js';

/** How many emails of these statuses are older than that (milliseconds): what pruning would delete. */
export async function countPrunableEmails(
  { database }: Context,
  statuses: readonly ('published' | 'obsolete' | 'dead')[],
  olderThan: number,
): Promise<number> {
  const [row] = await database.query<{ count: string }>(
    `select count(*) from ${database.table('email_outbox')}
     where status = any($1) and created_at < ${database.now()} - $2 * interval '1 millisecond'`,
    [statuses, olderThan],
  );
  return Number(row?.count);
}
