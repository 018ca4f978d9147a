import type { Context } from '../context.js';

export interface OutboxStats {
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
  // SQL: five figures of one moment in one round trip, for every scrape.
  const [row] = await database.query<{
    pending: string;
    held: string;
    held_for_domains: string;
    dead: string;
    oldest: number | null;
  }>(
    `select count(*) as pending, (select count(*) from ${table} where status = 'held') as held,
       (select count(domain_hour) from ${table} where status = 'held') as held_for_domains,
       (select count(*) from ${table} where status = 'dead') as dead,
       extract(epoch from ${database.now()} - min(coalesce(due_at, created_at)))::double precision as oldest
     from ${table} where status = 'pending'`,
  );
  return {
    pending: Number(row?.pending),
    held: Number(row?.held),
    heldForDomains: Number(row?.held_for_domains),
    dead: Number(row?.dead),
    oldestPendingSeconds: Math.max(0, row?.oldest ?? 0),
  };
}
