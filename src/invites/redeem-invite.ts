import type { Transaction } from 'sequelize';
import type { Database } from '../database/database.js';
import { InviteInvalidError } from '../errors.js';

/**
 * Takes one use of an invite, inside the signup's transaction: a signup that fails gives it back by rolling back, and
 * of two who want the last use the second waits for the first and then finds none.
 *
 * @throws InviteInvalidError
 */
export async function redeemInvite(
  database: Database,
  tokenHash: Buffer,
  email: string,
  transaction: Transaction,
): Promise<void> {
  const rows = await database.query(
    `update ${database.table('invites')} set uses = uses + 1
     where token_hash = $1 and (email is null or email = $2)
       and revoked_at is null and expires_at > ${database.now()} and uses < max_uses
     returning id`,
    [tokenHash, email],
    transaction,
  );
  if (rows.length === 0) throw new InviteInvalidError();
}
