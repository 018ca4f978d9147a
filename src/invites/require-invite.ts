import { createHash } from 'node:crypto';
import type { Database } from '../database/database.js';
import { InviteInvalidError, InviteRequiredError } from '../errors.js';

/**
 * The hash of an invite token that could be redeemed for this address now: checked before any hashing of passwords.
 * Redeeming it is `redeemInvite`'s, inside the signup's transaction.
 *
 * @throws InviteRequiredError, InviteInvalidError
 */
export async function requireInvite(
  database: Database,
  invite: string | undefined,
  email: string,
): Promise<Buffer> {
  if (!invite) throw new InviteRequiredError();
  const hash = hashInvite(invite);
  const rows = await database.query(
    `select from ${database.table('invites')}
     where token_hash = $1 and (email is null or email = $2)
       and revoked_at is null and expires_at > ${database.now()} and uses < max_uses`,
    [hash, email],
  );
  if (rows.length === 0) throw new InviteInvalidError();
  return hash;
}

export function hashInvite(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
