import type { Context } from '../context.js';
import { leaseDuration } from './claim-emails.js';

/**
 * Puts the end of these leases off by a whole lease from now; a lease that somebody else took meanwhile stays theirs.
 * Resolves with how many are still ours.
 */
export async function renewLeases(
  { database }: Context,
  leaseToken: string,
  ids: readonly string[],
): Promise<number> {
  // SQL, as claim and settle: by the lease and the database's clock.
  const renewed = await database.query(
    `update ${database.table('email_outbox')}
     set next_attempt_at = ${database.now()} + $3 * interval '1 millisecond'
     where id = any($1) and status = 'pending' and lease_token = $2 returning id`,
    [ids, leaseToken, leaseDuration],
  );
  return renewed.length;
}

/**
 * Takes the claim of what a lease holds out of the count of those without a result; the lease stays. For what a relay
 * leaves in flight when it is stopped: that is no fault of the emails.
 */
export async function uncountClaim({ database }: Context, leaseToken: string): Promise<void> {
  // SQL: from a column of the row itself.
  await database.query(
    `update ${database.table('email_outbox')} set claims = claims - 1 where status = 'pending' and lease_token = $1`,
    [leaseToken],
  );
}

/** Gives back whatever these leases hold, as if it had never been claimed: for claims whose answer never came. */
export async function giveBackLeases({ database }: Context, leaseTokens: readonly string[]): Promise<void> {
  // SQL: from columns of the row itself.
  await database.query(
    `update ${database.table('email_outbox')}
     set lease_token = null, claims = claims - 1, next_attempt_at = coalesce(due_at, created_at)
     where status = 'pending' and lease_token = any($1)`,
    [leaseTokens],
  );
}
