import type { Context } from '../context.js';
import { leaseDuration } from './claim-emails.js';

/** What became of a claimed email. `backoff` in milliseconds. */
export type Settlement =
  | { id: string; status: 'published' | 'obsolete' }
  | { id: string; status: 'dead'; error: string }
  | { id: string; status: 'rejected'; error: string; backoff: number }
  | { id: string; status: 'given-back' };

export interface Settled {
  id: string;
  status: 'pending' | 'published' | 'dead' | 'obsolete';
}

/**
 * Ends the leases of these emails, each by its own result, and only where the lease is still ours. A rejected email
 * spends an attempt, and its last one makes it dead; one that is given back is as if it had never been claimed.
 */
export async function settleEmails(
  { database, config }: Context,
  leaseToken: string,
  settlements: readonly Settlement[],
): Promise<Settled[]> {
  const table = database.table('email_outbox');
  const now = database.now();
  if (settlements.every(({ status }) => status === 'published')) {
    return database.query<Settled>(
      `update ${table} set status = 'published', published_at = ${now}, lease_token = null, last_error = null
       where id = any($1) and lease_token = $2 returning id, status`,
      [settlements.map(({ id }) => id), leaseToken],
    );
  }
  return database.query<Settled>(
    `update ${table} o set
       status = case
         when s.status = 'given-back' then 'pending'
         when s.status = 'rejected' then case when o.attempts + 1 >= $6 then 'dead' else 'pending' end
         else s.status end,
       attempts = o.attempts + (s.status = 'rejected')::integer,
       claims = o.claims - (s.status = 'given-back')::integer,
       -- What is given back keeps its place before what is younger.
       next_attempt_at = case when s.status = 'given-back' then o.created_at
         else ${now} + s.backoff * interval '1 millisecond' end,
       published_at = case when s.status = 'published' then ${now} else o.published_at end,
       last_error = case when s.status = 'published' then null else coalesce(s.error, o.last_error) end,
       lease_token = null
     from unnest($1::bigint[], $2::text[], $3::text[], $4::double precision[]) as s (id, status, error, backoff)
     where o.id = s.id and o.lease_token = $5
     returning o.id, o.status`,
    [
      settlements.map(({ id }) => id),
      settlements.map(({ status }) => status),
      settlements.map((settlement) => ('error' in settlement ? settlement.error.slice(0, 500) : null)),
      settlements.map((settlement) => ('backoff' in settlement ? settlement.backoff : 0)),
      leaseToken,
      config.emailMaxAttempts,
    ],
  );
}

/** Gives back whatever these leases hold, as if it had never been claimed: for claims whose answer never came. */
export async function giveBackLeases({ database }: Context, leaseTokens: readonly string[]): Promise<void> {
  await database.query(
    `update ${database.table('email_outbox')}
     set lease_token = null, claims = claims - 1, next_attempt_at = created_at
     where status = 'pending' and lease_token = any($1)`,
    [leaseTokens],
  );
}

/** Puts the end of these leases off by a whole lease from now; a lease that somebody else took meanwhile stays theirs. */
export async function renewLeases(
  { database }: Context,
  leaseToken: string,
  ids: readonly string[],
): Promise<void> {
  await database.query(
    `update ${database.table('email_outbox')}
     set next_attempt_at = ${database.now()} + $3 * interval '1 millisecond'
     where id = any($1) and status = 'pending' and lease_token = $2`,
    [ids, leaseToken, leaseDuration],
  );
}
