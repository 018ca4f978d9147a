import type { Context } from '../context.js';
import { type PrunedTable, pruneRows } from '../database/prune-rows.js';
import { pruneEmails } from '../outbox/prune-emails.js';
import { pruneMailboxCounts } from '../limits/prune-mailbox-counts.js';
import { removeForgotten } from './purge-unverified.js';

const hour = 3_600_000;

const tokens: PrunedTable = {
  name: 'verification_tokens',
  key: 'id',
  isOld: (cutoff) => `expires_at < ${cutoff}`,
};
const invites: PrunedTable = {
  name: 'invites',
  key: 'id',
  isOld: (cutoff) => `expires_at < ${cutoff} or revoked_at < ${cutoff} or spent_at < ${cutoff}`,
};
const domainCounts: PrunedTable = {
  name: 'domain_counts',
  key: 'domain',
  isOld: (cutoff) => `hour < ${cutoff}`,
};
const signUpKeys: PrunedTable = {
  name: 'signup_keys',
  key: 'key_hash',
  isOld: (cutoff) => `created_at < ${cutoff}`,
};

/**
 * Deletes what the retention is over for: emails published or obsolete, tokens expired, invites expired, revoked or used
 * up; counts of mailboxes and domains, and keys of signups that are of no more use; and accounts that nobody verified within
 * `unverifiedRetention`, where that is set. What a relay does about once an hour, also
 * while it is paused or its publisher is away. Resolves with how many rows went.
 *
 * @param isOver asked between the statements, to end it early
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneHistory(context: Context, isOver: () => boolean) {
  const { config, database, logger } = context;
  const olderThan = config.emailRetention;
  const prune = (table: PrunedTable, age: number): Promise<number> =>
    pruneRows(database, table, { olderThan: age, isOver });
  const pruned = {
    emails: await pruneEmails(context, { olderThan, isOver, statuses: ['published', 'obsolete'] }),
    tokens: await prune(tokens, olderThan),
    invites: await prune(invites, olderThan),
    // The hour itself: then it is over.
    domainCounts: await prune(domainCounts, hour),
    mailboxCounts: await pruneMailboxCounts(context, { isOver }),
    // A day, for which a key is good, and an hour.
    signUpKeys: await prune(signUpKeys, 25 * hour),
    users: await removeOverdue(context, isOver),
  };
  if (Object.values(pruned).some((count) => count > 0)) {
    logger.info({ event: 'history.pruned', ...pruned }, 'Old rows pruned');
  }
  return pruned;
}

async function removeOverdue(context: Context, isOver: () => boolean): Promise<number> {
  const { unverifiedRetention } = context.config;
  if (unverifiedRetention === undefined || isOver()) return 0;
  const request = { olderThan: unverifiedRetention };
  return (await removeForgotten(context, request, 'retention', isOver)).purged;
}
