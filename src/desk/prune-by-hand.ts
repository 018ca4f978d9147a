import { literal, Op, where } from 'sequelize';
import type { Context } from '../context.js';
import { pruneEmails, type PruneEmailsRequest, settledAt } from '../outbox/prune-emails.js';
import { logAct } from './log-act.js';

type Choice = Pick<PruneEmailsRequest, 'statuses' | 'olderThan'>;

export interface PruneByHandRequest extends Choice {
  /** Ends it after the batch at hand. */
  signal?: AbortSignal | undefined;
}

/** Deletes old emails at an operator's word. Resolves with how many went. @throws ServiceUnavailableError */
export async function pruneByHand(
  context: Context,
  { statuses, olderThan, signal }: PruneByHandRequest,
): Promise<number> {
  const pruned = await pruneEmails(context, { statuses, olderThan, isOver: () => signal?.aborted === true });
  logAct(context, 'emails-pruned', 'Emails pruned', { count: pruned, statuses });
  return pruned;
}

/** How many would go. @throws ServiceUnavailableError */
export async function countPrunable(
  { database, models }: Context,
  { statuses, olderThan }: Choice,
): Promise<number> {
  const cutoff = literal(`${database.now()} - ${olderThan} * interval '1 millisecond'`);
  const settled = where(literal(settledAt('')), Op.lt, cutoff);
  return models.OutboxEmail.count({
    where: { [Op.and]: [{ status: [...statuses], created_at: { [Op.lt]: cutoff } }, settled] },
  });
}
