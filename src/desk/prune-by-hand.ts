import type { Context } from '../context.js';
import { pruneEmails, type PruneEmailsRequest } from '../outbox/prune-emails.js';
import { logAct } from './log-act.js';

export interface PruneByHandRequest extends Pick<PruneEmailsRequest, 'statuses' | 'olderThan'> {
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
