import type { QueryInterface, Transaction } from 'sequelize';
import * as users from '../../migrations/0001-users.js';
import * as verificationTokens from '../../migrations/0002-verification-tokens.js';
import * as emailOutbox from '../../migrations/0003-email-outbox.js';
import * as invites from '../../migrations/0004-invites.js';
import * as mailboxCounts from '../../migrations/0005-mailbox-counts.js';
import * as outboxTemplates from '../../migrations/0006-outbox-templates.js';
import * as signUpKeys from '../../migrations/0007-signup-keys.js';
import * as relayPause from '../../migrations/0008-relay-pause.js';
import * as terms from '../../migrations/0009-terms.js';
import * as inviteDomain from '../../migrations/0010-invite-domain.js';
import * as signUpKeysOutliveAccounts from '../../migrations/0011-signup-keys-outlive-accounts.js';
import * as domainLimit from '../../migrations/0012-domain-limit.js';
import * as emailRequests from '../../migrations/0013-email-requests.js';

export interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

export interface Migration {
  up: (context: MigrationContext) => Promise<void>;
  down: (context: MigrationContext) => Promise<void>;
}

/** All of them, in their order, by the names they are recorded under. Imported, so that a host's bundler finds them. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-users': users,
  '0002-verification-tokens': verificationTokens,
  '0003-email-outbox': emailOutbox,
  '0004-invites': invites,
  '0005-mailbox-counts': mailboxCounts,
  '0006-outbox-templates': outboxTemplates,
  '0007-signup-keys': signUpKeys,
  '0008-relay-pause': relayPause,
  '0009-terms': terms,
  '0010-invite-domain': inviteDomain,
  '0011-signup-keys-outlive-accounts': signUpKeysOutliveAccounts,
  '0012-domain-limit': domainLimit,
  '0013-email-requests': emailRequests,
};
