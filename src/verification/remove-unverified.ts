import type { Context } from '../context.js';
import { heldAccount } from '../database/database-error.js';
import type { RemovedEvent } from '../hooks.js';
import { tellRemoved } from '../users/account-hooks.js';

/** SQL of the account `u` to remove, and its parameters. */
interface Candidate {
  /** What `u` is joined with, if anything. */
  join?: string;
  condition: string;
  bind: unknown[];
  /** Not one whose row somebody holds, who may be writing what the condition spares it for. Default: waits for them. */
  unlessHeld?: boolean;
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
  { join = '', condition, bind, unlessHeld = false }: Candidate,
  by: RemovedEvent['by'],
): Promise<number | undefined> {
  const { database, models } = context;
  try {
    return await database.transaction(async (transaction) => {
      // SQL: how the account is chosen is the caller's.
      const [found] = await database.query<{ id: string }>(
        `select u.id from ${database.table('users')} u ${join}
         where ${condition} and not u.is_verified and u.is_active and u.deleted_at is null
         for update of u ${unlessHeld ? 'skip locked' : ''}`,
        bind,
        transaction,
      );
      if (!found) return undefined;
      await tellRemoved(context, found.id, { transaction, by });
      await models.User.destroy({ where: { id: found.id }, force: true, transaction });
      return Number(found.id);
    });
  } catch (error) {
    throw heldAccount(error);
  }
}
