import { literal, type Transaction } from 'sequelize';
import type { Context } from '../context.js';
import type { User } from '../users/user.js';
import { type AccountReference, requireAccount, whereAccount } from './account.js';

export interface ChangedAccount {
  /** False where it was so before. */
  changed: boolean;
  user: User;
}

/**
 * Sets a flag of an account that is not deleted; one that is set so already stays as it is, its time of change too.
 *
 * @throws NotFoundError (`NOT_FOUND`), ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function changeAccount(
  context: Context,
  reference: AccountReference,
  flag: 'is_active' | 'is_verified',
  value: boolean,
  transaction?: Transaction,
): Promise<ChangedAccount> {
  const { models, database } = context;
  const [changed] = await models.User.update(
    { [flag]: value, updated_at: literal(database.now()) },
    {
      transaction: transaction ?? null,
      where: { ...whereAccount(reference), [flag]: !value, deleted_at: null },
      // The time of change is the database's, not Sequelize's.
      silent: true,
      sideEffects: false,
      validate: false,
    },
  );
  return { changed: changed > 0, user: await requireAccount(context, reference, transaction) };
}
