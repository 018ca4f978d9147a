import type { Context } from '../context.js';
import type { EmailStatus } from './outbox-email.js';

/** What became of a claimed email. `backoff` in milliseconds. */
export type Settlement =
  | { id: string; status: 'published' | 'obsolete' }
  | { id: string; status: 'dead'; error: string }
  | { id: string; status: 'rejected'; error: string; backoff: number }
  | { id: string; status: 'given-back'; backoff?: number };

export interface Settled {
  id: string;
  status: EmailStatus;
  /** With the failure at hand, if it was one. */
  attempts: number;
  /** Since it was due: committed, replayed, or free to go for its mailbox. */
  seconds?: number;
}

/**
 * Ends the leases of these emails, each by its own result, and only where the lease is still ours. A rejected email
 * spends an attempt, and its last one makes it dead; one that is given back is as if it had never been claimed.
 *
 * In SQL: one statement for a batch, each email by its own result.
 */
export async function settleEmails(
  context: Context,
  leaseToken: string,
  settlements: readonly Settlement[],
): Promise<Settled[]> {
  if (settlements.every(({ status }) => status === 'published')) {
    return settlePublished(
      context,
      leaseToken,
      settlements.map(({ id }) => id),
    );
  }
  const { database, config } = context;
  const now = database.now();
  return database.query<Settled>(
    `update ${database.table('email_outbox')} o set
       status = case
         when s.status = 'given-back' then 'pending'
         when s.status = 'rejected' then case when o.attempts + 1 >= $6 then 'dead' else 'pending' end
         else s.status end,
       attempts = o.attempts + (s.status = 'rejected')::integer,
       claims = o.claims - (s.status = 'given-back')::integer,
       -- What is given back goes behind what is due: should it be this email at which the publisher breaks off, others go first.
       next_attempt_at = ${now} + s.backoff * interval '1 millisecond',
       due_at = case when s.status = 'rejected' then ${now} + s.backoff * interval '1 millisecond' else o.due_at end,
       published_at = case when s.status = 'published' then ${now} else o.published_at end,
       last_error = case when s.status = 'published' then null else coalesce(s.error, o.last_error) end,
       lease_token = null
     from unnest($1::bigint[], $2::text[], $3::text[], $4::double precision[]) as s (id, status, error, backoff)
     where o.id = s.id and o.lease_token = $5
     returning o.id, o.status, o.attempts,
       extract(epoch from ${now} - coalesce(o.due_at, o.created_at))::double precision as seconds`,
    [
      settlements.map(({ id }) => id),
      settlements.map(({ status }) => status),
      settlements.map((settlement) => ('error' in settlement ? settlement.error : null)),
      settlements.map((settlement) => ('backoff' in settlement ? (settlement.backoff ?? 0) : 0)),
      leaseToken,
      config.emailMaxAttempts,
    ],
  );
}

/** The usual case, and the one that counts in a backlog. */
function settlePublished({ database }: Context, leaseToken: string, ids: string[]): Promise<Settled[]> {
  const now = database.now();
  // SQL: returns which leases were still ours, without building models of them.
  return database.query<Settled>(
    `update ${database.table('email_outbox')}
     set status = 'published', published_at = ${now}, next_attempt_at = ${now}, lease_token = null, last_error = null
     where id = any($1) and lease_token = $2
     returning id, status, attempts, extract(epoch from ${now} - coalesce(due_at, created_at))::double precision as seconds`,
    [ids, leaseToken],
  );
}
