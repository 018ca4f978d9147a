import type { Context } from '../context.js';

export interface OutboxStats {
  /** With those that were asked for again, and that no relay has written yet. */
  pending: number;
  /** Waiting until their mailboxes or domains may get more. */
  held: number;
  /** Of those: waiting for their domains. */
  heldForDomains: number;
  dead: number;
  /** How long the email that waits longest has been due, in seconds, leased or not; 0 when none is due. */
  oldestPendingSeconds: number;
}

/** By the partial indexes alone: history costs it nothing. @throws ServiceUnavailableError */
export async function outboxStats({ database }: Context): Promise<OutboxStats> {
  const table = database.table('email_outbox');
  const requests = database.table('email_requests');
  // SQL: five figures of one moment in one round trip, for every scrape.
  const [stats] = await database.query<OutboxStats>(
    `select count(*)::integer + (select count(user_id)::integer from ${requests}) as pending,
       (select count(*)::integer from ${table} where status = 'held') as held,
       (select count(domain_hour)::integer from ${table} where status = 'held') as "heldForDomains",
       (select count(*)::integer from ${table} where status = 'dead') as dead,
       greatest(0, extract(epoch from ${database.now()} - least(
         min(coalesce(due_at, created_at)), (select min(due_at) from ${requests} where user_id is not null)
       ))::double precision) as "oldestPendingSeconds"
     from ${table} where status = 'pending'`,
  );
  return stats as OutboxStats;
}
