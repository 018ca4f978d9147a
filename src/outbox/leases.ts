import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { leaseDuration } from './claim-emails.js';

/**
 * Puts the end of these leases off by a whole lease from now; a lease that somebody else took meanwhile stays theirs.
 * Resolves with how many are still ours.
 */
export async function renewLeases(
  { database, models }: Context,
  leaseToken: string,
  ids: readonly string[],
): Promise<number> {
  const [renewed] = await models.OutboxEmail.update(
    { next_attempt_at: literal(`${database.now()} + ${leaseDuration} * interval '1 millisecond'`) },
    { where: { id: [...ids], status: 'pending', lease_token: leaseToken } },
  );
  return renewed;
}

/**
 * Takes the claim of what a lease holds out of the count of those without a result; the lease stays. For what a relay
 * leaves in flight when it is stopped: that is no fault of the emails.
 */
export async function forgiveClaim({ models }: Context, leaseToken: string): Promise<void> {
  const where = { status: 'pending', lease_token: leaseToken };
  await models.OutboxEmail.update({ claims: literal('claims - 1') }, { where });
}

/** Gives back whatever these leases hold, as if it had never been claimed: for claims whose answer never came. */
export async function giveBackLeases({ models }: Context, leaseTokens: readonly string[]): Promise<void> {
  const due = literal('coalesce(due_at, created_at)');
  await models.OutboxEmail.update(
    { lease_token: null, claims: literal('claims - 1'), next_attempt_at: due },
    { where: { status: 'pending', lease_token: [...leaseTokens] } },
  );
}
