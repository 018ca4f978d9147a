import { literal, Op, where } from 'sequelize';
import type { Context } from '../context.js';
import { settledAt } from '../outbox/prune-emails.js';

/** How many emails of these statuses were settled longer ago than that (milliseconds): what pruning would delete. */
export async function countPrunableEmails(
  { database, models }: Context,
  statuses: readonly ('published' | 'obsolete' | 'dead')[],
  olderThan: number,
): Promise<number> {
  const cutoff = literal(`${database.now()} - ${olderThan} * interval '1 millisecond'`);
  const settled = where(literal(settledAt('')), Op.lt, cutoff);
  return models.OutboxEmail.count({
    where: { [Op.and]: [{ status: [...statuses], created_at: { [Op.lt]: cutoff } }, settled] },
  });
}
