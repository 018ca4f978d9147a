import type { Context } from '../context.js';
import type { AccountReference } from './account.js';
import { changeAccount, type ChangedAccount } from './change-account.js';
import { logAct } from './log-act.js';

/**
 * Verifies an account by the operator's word, without a link. Its emails that wait become obsolete by themselves.
 *
 * @throws NotFoundError (`NOT_FOUND`) also for a deleted account; ValidationError (`VALIDATION_ERROR`),
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function verifyUser(context: Context, reference: AccountReference): Promise<ChangedAccount> {
  const { changed, user } = await changeAccount(context, reference, 'is_verified', true);
  if (changed) {
    logAct(context, 'user-verified', 'User verified by an operator', { userId: user.id });
  }
  return { changed, user };
}
