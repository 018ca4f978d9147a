import type { Context } from '../context.js';
import { type PrunedTable, pruneRows } from '../database/prune-rows.js';
import { pruneEmails } from '../outbox/prune-emails.js';
import { pruneMailboxCounts } from '../limits/prune-mailbox-counts.js';
import { removeLongUnverified } from './purge-unverified.js';

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
  const pruned = {
    emails: 0,
    tokens: 0,
    invites: 0,
    domainCounts: 0,
    mailboxCounts: 0,
    signUpKeys: 0,
    users: 0,
  };
  const of = (name: keyof typeof pruned) => ({
    isOver,
    onPruned: (count: number): void => void (pruned[name] += count),
  });
  try {
    await pruneEmails(context, { ...of('emails'), olderThan, statuses: ['published', 'obsolete'] });
    await pruneRows(database, tokens, { ...of('tokens'), olderThan });
    await pruneRows(database, invites, { ...of('invites'), olderThan });
    // The hour itself: then it is over.
    await pruneRows(database, domainCounts, { ...of('domainCounts'), olderThan: hour });
    await pruneMailboxCounts(context, of('mailboxCounts'));
    // A day, for which a key is good, and an hour.
    await pruneRows(database, signUpKeys, { ...of('signUpKeys'), olderThan: 25 * hour });
    await removeOverdue(context, isOver, (count) => (pruned.users = count));
  } finally {
    // What went is gone, also where the database went away after it.
    if (Object.values(pruned).some((count) => count > 0)) {
      logger.info({ event: 'history.pruned', ...pruned }, 'Old rows pruned');
    }
  }
  return pruned;
}

async function removeOverdue(
  context: Context,
  isOver: () => boolean,
  onProgress: (purged: number) => void,
): Promise<void> {
  const { unverifiedRetention } = context.config;
  if (unverifiedRetention === undefined || isOver()) return;
  await removeLongUnverified(context, { olderThan: unverifiedRetention, onProgress }, 'retention', isOver);
}
