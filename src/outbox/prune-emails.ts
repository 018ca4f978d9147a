import type { Context } from '../context.js';
import { pruneAlongKey } from '../database/prune-along-key.js';
import type { PruneRequest } from '../database/prune-rows.js';
import type { EmailStatus } from './outbox-email.js';

export interface PruneEmailsRequest extends PruneRequest {
  /** Dead ones only an operator removes. */
  statuses: readonly Extract<EmailStatus, 'published' | 'obsolete' | 'dead'>[];
}

/**
 * Deletes emails that were settled longer ago than that. Walks the primary key from its oldest end and stops at the first
 * row that is young, so that history needs no index of its own. Resolves with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneEmails(
  { database }: Pick<Context, 'database'>,
  { statuses, ...request }: PruneEmailsRequest,
): Promise<number> {
  const settled = statuses.map((status) => `'${status}'`).join(', ');
  const emails = {
    name: 'email_outbox',
    key: { id: '0' },
    isOld: (cutoff: string) => `status in (${settled}) and ${settledAt} < ${cutoff}`,
    isYoung: (cutoff: string) => `created_at >= ${cutoff}`,
  } as const;
  return pruneAlongKey(database, emails, request);
}

/** When an email became what it is. Settling writes the time of the next attempt too, published or not; a replay clears the other. */
export const settledAt = 'coalesce(published_at, next_attempt_at)';
