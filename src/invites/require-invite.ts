import { createHash } from 'node:crypto';
import { literal, Op, type WhereOptions } from 'sequelize';
import type { Context } from '../context.js';
import { InviteInvalidError, InviteRequiredError } from '../errors.js';
import { domainOf } from '../domain-of.js';

/**
 * The hash of an invite token that could be redeemed for this address now: checked before any hashing of passwords.
 * Redeeming it is `redeemInvite`'s, inside the signup's transaction.
 *
 * @throws InviteRequiredError, InviteInvalidError
 */
export async function requireInvite(
  { database, models }: Context,
  invite: string | undefined,
  email: string,
): Promise<Buffer> {
  if (!invite) throw new InviteRequiredError();
  const hash = hashInvite(invite);
  const where = usableInvite(database.now(), hash, email);
  if ((await models.Invite.count({ where })) === 0) {
    throw new InviteInvalidError();
  }
  return hash;
}

/** The invite with this token, where it may be used now, for this address. */
export function usableInvite(now: string, tokenHash: Buffer, email: string): WhereOptions {
  return {
    ...usableByAnyone(now, tokenHash),
    email: { [Op.or]: [null, email] },
    domain: { [Op.or]: [null, domainOf(email)] },
  };
}

/** Whomever it is for. */
export function usableByAnyone(now: string, tokenHash: Buffer): Record<string, unknown> {
  return {
    token_hash: tokenHash,
    revoked_at: null,
    expires_at: { [Op.gt]: literal(now) },
    uses: { [Op.lt]: literal('max_uses') },
  };
}

export function hashInvite(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
