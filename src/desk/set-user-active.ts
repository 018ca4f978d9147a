import type { Context } from '../context.js';
import type { AccountReference } from './account.js';
import { changeAccount, type ChangedAccount } from './change-account.js';
import { logAct } from './log-act.js';

/**
 * Deactivates an account, or makes it active again. While it is inactive its links are not valid, its emails that wait
 * become obsolete, and its address stays taken.
 *
 * @throws NotFoundError (`NOT_FOUND`) also for a deleted account; ValidationError (`VALIDATION_ERROR`),
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function setUserActive(
  context: Context,
  reference: AccountReference,
  active: boolean,
): Promise<ChangedAccount> {
  const { changed, user } = await changeAccount(context, reference, 'is_active', active);
  if (changed) {
    const word = active ? 'activated' : 'deactivated';
    logAct(context, `user-${word}`, `User ${word}`, { userId: user.id });
  }
  return { changed, user };
}
