import { availableParallelism } from 'node:os';
import type { Sequelize } from 'sequelize';
import { z } from 'zod';
import { type Brand, brandSchema } from '../brand.js';
import { checkOptions } from './check-options.js';
import type { Duration } from './duration.js';
import type { PublishMany, PublishOne } from '../outbox/publisher.js';
import { type AltchaOptions, challenge } from './challenge-option.js';
import type { Challenge } from '../challenge/require-challenge.js';
import type { Hooks } from '../hooks.js';
import { type KafkaOptions, kafkaOptions } from './kafka-options.js';
import type { Logger } from '../logger.js';
import { domainLimit, type MailboxLimit, mailboxLimits } from './mail-limits.js';
import type { RenderEmail } from '../mail/render-email.js';
import {
  count,
  database,
  day,
  duration,
  hook,
  hostWords,
  hour,
  httpUrl,
  isPublisher,
  languageTag,
  logger,
  object,
  oneOf,
  positiveDuration,
  secret,
  topicName,
} from './option-values.js';
import type { RateLimitName, RateLimitStoreFactory } from '../rate-limit-store.js';
import type { ForeignHashes } from '../passwords/foreign-hashes.js';
import type { PasswordBlocklist } from '../passwords/password-blocklist.js';
import { needsPackages } from './missing-packages.js';
import { strengthPackages } from '../passwords/password-strength.js';
import type { HostWords } from '../words/words.js';

export interface FluentMeetOptions {
  /** A PostgreSQL connection string, or the host's own Sequelize (left as it was, never closed). */
  database: string | Sequelize;
  /** The schema of our tables. Default `public`. */
  databaseSchema?: string | undefined;
  /** Connections of the module's own pool. Default 10. Of no effect on a Sequelize that is handed in. */
  databasePoolSize?: number | undefined;
  /** How long one statement may take on the module's own connection. A day at most; default 1.5 s; 0 is no limit. */
  databaseQueryTimeout?: Duration | undefined;
  /** Publishes emails to these brokers. */
  kafka?: KafkaOptions | undefined;
  /**
   * Where emails are published, where that is not Kafka: a function that takes one email, an object whose `publish` takes
   * many, or `'none'`: they are only written to the outbox, and a relay elsewhere publishes them.
   */
  publisher?: PublishOne | PublishMany | 'none' | undefined;
  /** Origin (and path, if any) under which people reach the app, for example `https://app.example.com`. */
  publicUrl: string;
  /** The page of the verification link. Default `<publicUrl>/api/v1/auth/verify-email`. */
  verificationUrl?: string | undefined;
  /** 32 characters or more. Verification tokens are derived from it. */
  secret: string;
  /** Those before it, newest first, while links and counts made with them are still about: a day after a change none is needed. */
  previousSecrets?: readonly string[] | undefined;
  /** Default `notifications.email`. */
  emailTopic?: string | undefined;
  /** Failures of an email's own after which it is dead. Default 10. */
  emailMaxAttempts?: number | undefined;
  /** How long published and obsolete emails stay in the outbox: a day or more. Default 30 days. */
  emailRetention?: Duration | undefined;
  /** After how long accounts that nobody verified are removed, but for inactive ones: a day or more. Default: never. */
  unverifiedRetention?: Duration | undefined;
  /** Life of a verification link. Default 24 hours. */
  tokenTtl?: Duration | undefined;
  /** 4 to 15. Default 12; under 10 brings a warning. */
  bcryptCost?: number | undefined;
  /** Passwords hashed at once. Default: the cores, but 3 at most, so that one of libuv's four threads stays free. */
  hashConcurrency?: number | undefined;
  /** Who may sign up. Default `open`. */
  signup?: 'open' | 'invite' | 'closed' | undefined;
  /** The languages to choose from (BCP 47). Default: every valid tag. */
  languages?: readonly string[] | undefined;
  /**
   * Whether the most used passwords, and the person's own address, name or the brand as a password, are refused; or a
   * function that says so in its place. Default `true`.
   */
  passwordBlocklist?: boolean | PasswordBlocklist | undefined;
  /**
   * Reads and verifies hashes of another system, of users who were imported with them. Each is renewed to ours when its
   * owner logs in. Default: only hashes of ours (bcrypt) are read.
   */
  foreignHashes?: ForeignHashes | undefined;
  /** Needs the packages `@zxcvbn-ts/core`, `language-common` and `language-en`. Least zxcvbn score of a password, 0 (no policy) to 4. Default 0. */
  passwordMinScore?: number | undefined;
  /**
   * What verifies an account: the link alone, or with the password of the signup, or a new one, so that nobody who signed
   * up with another's address has set the password of the account that its owner verifies. Default `link`.
   */
  proof?: 'link' | 'link-and-password' | undefined;
  /**
   * Judges a signup over HTTP before anything costly is done: a function, or ALTCHA's proof of work, which needs the package
   * `altcha-lib`. Default: none.
   */
  challenge?: Challenge | 'altcha' | { altcha: AltchaOptions } | undefined;
  /** What the host adds to the life of an account. */
  hooks?: Hooks | undefined;
  /** How the host looks and where its pages are: for our pages and mails. */
  brand?: Brand | undefined;
  /** By language, sentences in the place of ours; a language that we do not have is added. */
  words?: HostWords | undefined;
  /** Writes the whole mail in the place of ours, where mails are made: by SMTP, or in `fluentmeet mailer`. */
  renderEmail?: RenderEmail | undefined;
  /** Whether a known address is answered 409, or the same 202 as a new one. Default `conflict`. */
  duplicates?: 'conflict' | 'conceal' | undefined;
  /** Requests a minute per client address. Defaults 10, 30, 3, for the page that waits 60, for a challenge to solve 30. */
  rateLimits?: Partial<Record<RateLimitName, number | undefined>> | undefined;
  /**
   * Emails to one mailbox, which is an address without its `+tag`. Those of signups beyond it wait (5 a minute, 50 a
   * day), resends are skipped (1 and 5).
   */
  mailboxLimits?: { signup?: MailboxLimit | undefined; resend?: MailboxLimit | undefined } | undefined;
  /**
   * Emails an hour to one domain; what is beyond waits. A number, or with the domains that it does not hold for, such as
   * the great mail services. Default: no limit.
   */
  domainLimit?: number | { perHour: number; except?: readonly string[] | undefined } | undefined;
  /** Makes a store that several processes share, one per limiter. Default: each process counts in memory. */
  rateLimitStore?: RateLimitStoreFactory | undefined;
  /** Pino-shaped. Default: warnings and errors on stderr. */
  logger?: Logger | undefined;
  /** For tests: stands in for the database's clock. */
  clock?: (() => Date) | undefined;
}

/** The options, complete and checked. Times are in milliseconds. */
export type Config = Readonly<z.output<typeof optionsSchema>>;

/** @throws InvalidOptionsError naming every wrong option at once, never a value. */
export function parseOptions(options: FluentMeetOptions): Config {
  return checkOptions(optionsSchema, options ?? {});
}

const optionsSchema = z
  .strictObject({
    database,
    databaseSchema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a lower-case PostgreSQL identifier')
      .default('public'),
    databasePoolSize: count(1, 1000).default(10),
    // Neither PostgreSQL nor a timer of Node's knows more than 24 days.
    databaseQueryTimeout: duration.refine((value) => value <= day, 'must be a day or less').default(1500),
    kafka: kafkaOptions.optional(),
    publisher: z
      .union([z.literal('none'), z.custom<PublishOne | PublishMany>(isPublisher)], {
        error: "must be a function of one email, an object with publish, or 'none'",
      })
      .optional(),
    publicUrl: httpUrl
      .refine((url) => !url.includes('?'), 'must be without a query: paths are appended to it')
      .transform((url) => url.replace(/\/+$/, '')),
    verificationUrl: httpUrl.optional(),
    secret,
    previousSecrets: z.array(secret).default([]),
    emailTopic: topicName.default('notifications.email'),
    emailMaxAttempts: count(1, 1000).default(10),
    emailRetention: duration.refine((value) => value >= day, 'must be a day or more').default(30 * day),
    unverifiedRetention: duration.refine((value) => value >= day, 'must be a day or more').optional(),
    tokenTtl: positiveDuration.default(24 * hour),
    bcryptCost: count(4, 15).default(12),
    hashConcurrency: count(1, 128).default(() => Math.min(availableParallelism(), 3)),
    signup: oneOf('open', 'invite', 'closed').default('open'),
    languages: z
      .array(languageTag)
      .min(1)
      .transform((tags) => [...new Set(tags)])
      .optional(),
    passwordBlocklist: z
      .union([z.boolean(), z.custom<PasswordBlocklist>((value) => typeof value === 'function')], {
        error: 'must be true, false or a function',
      })
      .default(true),
    foreignHashes: object<ForeignHashes>('verifier of hashes', ['reads', 'verify']).optional(),
    passwordMinScore: count(0, 4)
      .default(0)
      .superRefine(needsPackages(strengthPackages, (score) => score > 0)),
    proof: oneOf('link', 'link-and-password').default('link'),
    challenge,
    hooks: z
      .strictObject({
        beforeSignUp: hook<NonNullable<Hooks['beforeSignUp']>>(),
        onVerified: hook<NonNullable<Hooks['onVerified']>>(),
        onRemoved: hook<NonNullable<Hooks['onRemoved']>>(),
      })
      .prefault({}),
    brand: brandSchema.prefault({}),
    words: hostWords.prefault({}),
    renderEmail: hook<RenderEmail>(),
    duplicates: oneOf('conflict', 'conceal').default('conflict'),
    rateLimits: z
      .strictObject({
        signup: count(1, 1_000_000).default(10),
        verify: count(1, 1_000_000).default(30),
        resend: count(1, 1_000_000).default(3),
        status: count(1, 1_000_000).default(60),
        challenge: count(1, 1_000_000).default(30),
      })
      .prefault({}),
    mailboxLimits: mailboxLimits.prefault({}),
    domainLimit: domainLimit.optional(),
    rateLimitStore: hook<RateLimitStoreFactory>(),
    logger,
    clock: hook<() => Date>(),
  })
  .refine(({ kafka, publisher }) => (kafka === undefined) !== (publisher === undefined), {
    path: ['publisher'],
    error: ({ input }) =>
      (input as FluentMeetOptions).kafka === undefined
        ? "is missing: who publishes the emails? Give kafka ({ brokers }), a publisher (smtpPublisher of @fluentmeet/signup/smtp, or your own), or 'none' where a relay elsewhere does"
        : 'must not be given beside kafka: one of the two publishes the emails',
    // Said beside the other faults, too.
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .transform((options) => ({
    ...options,
    verificationUrl: options.verificationUrl ?? `${options.publicUrl}/api/v1/auth/verify-email`,
  }));
