import type { Context } from '../context.js';
import { pruneInvites } from '../invites/prune-invites.js';
import { pruneDomainCounts } from '../outbox/prune-domain-counts.js';
import { pruneEmails } from '../outbox/prune-emails.js';
import { pruneMailboxCounts } from '../outbox/prune-mailbox-counts.js';
import { pruneSignUpKeys } from '../signup/prune-signup-keys.js';
import { pruneTokens } from '../verification/prune-tokens.js';
import { removeForgotten } from './purge-unverified.js';

/**
 * Deletes what the retention is over for: emails published or obsolete, tokens expired, invites expired, revoked or used
 * up; counts of mailboxes and domains, and keys of signups that are of no more use; and accounts that nobody verified within
 * `unverifiedRetention`, where that is set. What a relay does about once an hour, also
 * while it is paused or its publisher is away.
 *
 * @param isOver asked between the statements, to end it early
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneHistory(context: Context, isOver: () => boolean): Promise<void> {
  const { config, logger } = context;
  const request = { olderThan: config.emailRetention, isOver };
  const pruned = {
    emails: await pruneEmails(context, { ...request, statuses: ['published', 'obsolete'] }),
    tokens: await pruneTokens(context, request),
    invites: await pruneInvites(context, request),
    domainCounts: await pruneDomainCounts(context, request),
    mailboxCounts: await pruneMailboxCounts(context, request),
    signUpKeys: await pruneSignUpKeys(context, request),
    users: await removeOverdue(context, isOver),
  };
  if (Object.values(pruned).some((count) => count > 0)) {
    logger.info({ event: 'history.pruned', ...pruned }, 'Old rows pruned');
  }
}

async function removeOverdue(context: Context, isOver: () => boolean): Promise<number> {
  const { unverifiedRetention } = context.config;
  if (unverifiedRetention === undefined || isOver()) return 0;
  const request = { olderThan: unverifiedRetention };
  return (await removeForgotten(context, request, 'retention', isOver)).purged;
}
