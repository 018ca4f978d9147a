import type { Context } from '../context.js';
import type { AccountReference } from './account.js';
import { changeAccount, type ChangedAccount } from './change-account.js';

/**
 * Verifies an account by the operator's word, without a link. Its emails that wait become obsolete by themselves.
 *
 * @throws NotFoundError (`NOT_FOUND`) also for a deleted account; ValidationError (`VALIDATION_ERROR`),
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function verifyUser(context: Context, reference: AccountReference): Promise<ChangedAccount> {
  const { changed, user } = await changeAccount(context, reference, 'is_verified', true);
  if (changed) {
    context.logger.info(
      { event: 'user.verified', userId: user.id, by: 'operator' },
      'User verified by an operator',
    );
  }
  return { changed, user };
}
