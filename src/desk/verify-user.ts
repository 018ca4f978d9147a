import { randomBytes } from 'node:crypto';
import type { HasherContext } from '../context.js';
import { tellVerified } from '../users/account-hooks.js';
import type { AccountReference } from './account.js';
import { changeAccount, type ChangedAccount } from './change-account.js';
import { logAct } from './log-act.js';

/**
 * Verifies an account by the operator's word, without a link. With `proof: 'link-and-password'` its password is cleared, and
 * with it that terms were accepted, for nobody has proved that it was the owner: they set one by the host's reset. Its emails that wait become obsolete by themselves.
 *
 * @throws HookFailedError (`HOOK_FAILED`) by the host's `onVerified`; NotFoundError (`NOT_FOUND`) also for a deleted account; ValidationError (`VALIDATION_ERROR`),
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function verifyUser(
  context: HasherContext,
  reference: AccountReference,
): Promise<ChangedAccount> {
  const unknowable = context.config.proof === 'link-and-password' ? await unknowableHash(context) : undefined;
  const { changed, user } = await context.database.transaction(async (transaction) => {
    const account = await changeAccount(context, reference, 'is_verified', true, transaction);
    if (account.changed && unknowable !== undefined) {
      const { models } = context;
      const where = { id: account.user.id };
      // Who accepted the terms nobody knows either.
      const set = { hashed_password: unknowable, terms_accepted_at: null, terms_version: null };
      await models.User.update(set, { transaction, where, silent: true, validate: false });
    }
    if (account.changed) await tellVerified(context, account.user.id, { transaction, by: 'operator' });
    return account;
  });
  if (changed) {
    logAct(context, 'user-verified', 'User verified by an operator', { userId: user.id });
  }
  return { changed, user };
}

/** A hash as any other, for whatever the host reads it with, of a password that nobody knows. */
function unknowableHash({ hasher }: HasherContext): Promise<string> {
  return hasher.hash(randomBytes(32).toString('base64'));
}
