import { literal, type Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { InviteInvalidError } from '../errors.js';
import { usableInvite } from './require-invite.js';

/**
 * Takes one use of an invite, inside the signup's transaction: a signup that fails gives it back by rolling back, and
 * of two who want the last use the second waits for the first and then finds none.
 *
 * @throws InviteInvalidError
 */
export async function redeemInvite(
  { database, models }: Context,
  tokenHash: Buffer,
  email: string,
  transaction: Transaction,
): Promise<void> {
  const where = usableInvite(database.now(), tokenHash, email);
  const [redeemed] = await models.Invite.update(
    {
      uses: literal('uses + 1'),
      spent_at: literal(`case when uses + 1 >= max_uses then ${database.now()} end`),
    },
    { transaction, where },
  );
  if (redeemed === 0) throw new InviteInvalidError();
}
