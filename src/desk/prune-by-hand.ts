import { literal, Op, where } from 'sequelize';
import type { Context } from '../context.js';
import { pruneEmails, type PruneEmailsRequest, settledAt } from '../outbox/prune-emails.js';
import { logActInParts } from './log-act.js';

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
  let count = 0;
  const isOver = (): boolean => signal?.aborted === true;
  const onPruned = (more: number): void => void (count += more);
  const done = () => ({ count, statuses });
  return logActInParts(context, { act: 'emails-pruned', message: 'Emails pruned', signal, done }, () =>
    pruneEmails(context, { statuses, olderThan, isOver, onPruned }),
  );
}

/** How many would go. @throws ServiceUnavailableError */
export async function countPrunable(
  { database, models }: Context,
  { statuses, olderThan }: Choice,
): Promise<number> {
  const cutoff = literal(`${database.now()} - ${olderThan} * interval '1 millisecond'`);
  const settled = where(literal(settledAt), Op.lt, cutoff);
  return models.OutboxEmail.count({
    where: { [Op.and]: [{ status: [...statuses], created_at: { [Op.lt]: cutoff } }, settled] },
  });
}
