import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import {
  type Account,
  accountColumns,
  accountCondition,
  type AccountReference,
  type AccountRow,
  toAccount,
} from './account.js';

export interface VerifiedUser {
  /** False where it was verified before. */
  changed: boolean;
  user: Account;
}

/**
 * Verifies an account by the operator's word, without a link. Its emails that wait become obsolete by themselves.
 *
 * @throws NotFoundError also for a deleted account; ValidationError, ServiceUnavailableError
 */
export async function verifyUser(
  { database, logger }: Context,
  reference: AccountReference,
): Promise<VerifiedUser> {
  const { condition, value } = accountCondition(reference);
  const [row] = await database.query<AccountRow & { was_verified: boolean }>(
    `with account as (
       select u.id, u.is_verified from ${database.table('users')} u
       where ${condition} and u.deleted_at is null for no key update
     )
     update ${database.table('users')} u
     set is_verified = true,
       updated_at = case when account.is_verified then u.updated_at else ${database.now()} end
     from account where u.id = account.id
     returning ${accountColumns}, account.is_verified as was_verified`,
    [value],
  );
  if (!row) throw new NotFoundError('There is no such account.');
  const user = toAccount(row);
  if (!row.was_verified) {
    logger.info({ event: 'user.verified', userId: user.id, by: 'operator' }, 'User verified by an operator');
  }
  return { changed: !row.was_verified, user };
}
