import type { Context } from '../context.js';
import { tellVerified } from '../users/account-hooks.js';
import type { AccountReference } from './account.js';
import { changeAccount, type ChangedAccount } from './change-account.js';
import { logAct } from './log-act.js';

/**
 * Verifies an account by the operator's word, without a link. Its emails that wait become obsolete by themselves.
 *
 * @throws HookFailedError (`HOOK_FAILED`) by the host's `onVerified`; NotFoundError (`NOT_FOUND`) also for a deleted account; ValidationError (`VALIDATION_ERROR`),
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function verifyUser(context: Context, reference: AccountReference): Promise<ChangedAccount> {
  const { changed, user } = await context.database.transaction(async (transaction) => {
    const account = await changeAccount(context, reference, 'is_verified', true, { transaction });
    if (account.changed) await tellVerified(context, account.user.id, { transaction, by: 'operator' });
    return account;
  });
  if (changed) {
    logAct(context, 'user-verified', 'User verified by an operator', { userId: user.id });
  }
  return { changed, user };
}
