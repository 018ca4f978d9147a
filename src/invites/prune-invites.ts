import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { modelCall, throughModel } from '../database/through-model.js';

/**
 * Deletes invites that expired, were revoked or were used up longer ago than that (milliseconds). Resolves with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export function pruneInvites(
  { database, models }: Pick<Context, 'database' | 'models'>,
  { olderThan }: { olderThan: number },
): Promise<number> {
  const before = { [Op.lt]: literal(`${database.now()} - ${olderThan} * interval '1 millisecond'`) };
  const where = { [Op.or]: [{ expires_at: before }, { revoked_at: before }, { spent_at: before }] };
  return throughModel(models.Invite.destroy({ ...modelCall, where }));
}
