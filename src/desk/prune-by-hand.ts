import type { Context } from '../context.js';
import { pruneEmails } from '../outbox/prune-emails.js';
import { logAct } from './log-act.js';
import { pruneDeadEmails } from './prune-dead-emails.js';

export interface PruneRequest {
  /** What the relay prunes too, or the dead ones, which nothing else removes. */
  statuses: readonly ('published' | 'obsolete' | 'dead')[];
  /** Least age of an email, in milliseconds. */
  olderThan: number;
  /** Ends it after the batch at hand. */
  signal?: AbortSignal | undefined;
}

/** Deletes old emails at an operator's word. Resolves with how many went. @throws ServiceUnavailableError */
export async function pruneByHand(
  context: Context,
  { statuses, olderThan, signal }: PruneRequest,
): Promise<number> {
  const pruned = statuses.includes('dead')
    ? await pruneDeadEmails(context, { olderThan, signal })
    : await pruneEmails(context, () => signal?.aborted === true, olderThan);
  logAct(context, 'emails-pruned', 'Emails pruned', { count: pruned, statuses });
  return pruned;
}
