import type { Context } from '../context.js';
import { modelCall, throughModel } from '../database/through-model.js';

/**
 * Whether an account has this canonical address. A soft-deleted one keeps it taken.
 *
 * @throws ServiceUnavailableError, DatabaseError
 */
export async function isEmailTaken({ models }: Pick<Context, 'models'>, email: string): Promise<boolean> {
  const where = { email };
  const found = await throughModel(
    models.User.findOne({ attributes: ['id'], where, paranoid: false, raw: true, ...modelCall }),
  );
  return found !== null;
}
