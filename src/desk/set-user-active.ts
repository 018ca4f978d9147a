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

export interface ActiveUser {
  /** False where it was so before. */
  changed: boolean;
  user: Account;
}

/**
 * Deactivates an account, or makes it active again. While it is inactive its links are not valid, its emails that wait
 * become obsolete, and its address stays taken.
 *
 * @throws NotFoundError also for a deleted account; ValidationError, ServiceUnavailableError
 */
export async function setUserActive(
  { database, logger }: Context,
  reference: AccountReference,
  active: boolean,
): Promise<ActiveUser> {
  const { condition, value } = accountCondition(reference);
  const [row] = await database.query<AccountRow & { was_active: boolean }>(
    `with account as (
       select u.id, u.is_active from ${database.table('users')} u
       where ${condition} and u.deleted_at is null for no key update
     )
     update ${database.table('users')} u
     set is_active = $2,
       updated_at = case when account.is_active = $2 then u.updated_at else ${database.now()} end
     from account where u.id = account.id
     returning ${accountColumns}, account.is_active as was_active`,
    [value, active],
  );
  if (!row) throw new NotFoundError('There is no such account.');
  const user = toAccount(row);
  const changed = row.was_active !== active;
  if (changed) {
    const event = active ? 'user.activated' : 'user.deactivated';
    logger.info({ event, userId: user.id }, `User ${active ? 'activated' : 'deactivated'}`);
  }
  return { changed, user };
}
