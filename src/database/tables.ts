/** Our tables, each with the migration that makes it. Whoever lists tables lists these. */
export const tableOrigins = {
  users: '0001-users',
  verification_tokens: '0002-verification-tokens',
  email_outbox: '0003-email-outbox',
  invites: '0004-invites',
  mailbox_counts: '0005-mailbox-counts',
  signup_keys: '0007-signup-keys',
  relay_pause: '0008-relay-pause',
  domain_counts: '0012-domain-limit',
  email_requests: '0013-email-requests',
} as const satisfies Readonly<Record<string, string>>;

export type OurTable = keyof typeof tableOrigins;

export const ourTables = Object.keys(tableOrigins) as OurTable[];

/** With the table that the migrations keep for themselves. */
export type TableName = OurTable | 'fluentmeet_migrations';
