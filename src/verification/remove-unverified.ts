import type { FindOptions } from 'sequelize';
import type { Context } from '../context.js';
import { heldAccount } from '../database/database-error.js';
import type { RemovedEvent } from '../hooks.js';
import { tellRemoved } from '../users/account-hooks.js';

/** Which account to remove. */
interface Candidate extends Pick<FindOptions, 'include'> {
  where?: object;
  /** Not one whose row somebody holds, who may be writing what the condition spares it for. Default: waits for them. */
  skipLocked?: boolean;
}

/**
 * Removes one account that is unverified, active and not deleted, and frees its address. Resolves with its id, or with
 * undefined where there is none such.
 *
 * @throws AccountHeldError (`ACCOUNT_HELD`) where rows of the host's refer to it; HookFailedError (`HOOK_FAILED`) by the
 *   host's `onRemoved`; ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function removeUnverified(
  context: Context,
  { where, ...candidate }: Candidate,
  by: RemovedEvent['by'],
): Promise<number | undefined> {
  const { User } = context.models;
  try {
    return await context.database.transaction(async (transaction) => {
      const found = await User.findOne({
        ...candidate,
        attributes: ['id'],
        where: { ...where, is_verified: false, is_active: true },
        subQuery: false,
        lock: { level: transaction.LOCK.UPDATE, of: User },
        transaction,
      });
      if (!found) return undefined;
      await tellRemoved(context, found.id, { transaction, by });
      await User.destroy({ where: { id: found.id }, force: true, transaction });
      return found.id;
    });
  } catch (error) {
    throw heldAccount(error);
  }
}
