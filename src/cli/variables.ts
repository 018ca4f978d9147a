import { brandVariables } from './brand-variables.js';
import {
  challenge,
  flag,
  list,
  logLevel,
  mailFrom,
  type Parse,
  port,
  redisUrl,
  smtpUrl,
  stopDelay,
  trustProxy,
  wholeNumber,
} from './variable-values.js';

/** A command reads the groups it needs, and a fault in another group does not stop it. */
export type VariableGroup = 'database' | 'links' | 'emails' | 'kafka' | 'signup' | 'server' | 'dev';

export interface Variable {
  readonly name: string;
  readonly group: VariableGroup;
  readonly meaning: string;
  /** In words, where there is one. */
  readonly default?: string;
  /** Never printed. */
  readonly secret?: true;
  /** Where its value goes in FluentMeetOptions; those without are the server's. */
  readonly option?: string;
  /** Default: the text as it is. */
  readonly parse?: Parse;
}

export type VariableName = (typeof variables)[number]['name'];

/**
 * Every variable that the CLI reads (contract, section 8). `doctor`, the reference and the checks are made from it: a table,
 * as long as there are variables.
 */
export const variables = [
  {
    name: 'DATABASE_URL',
    group: 'database',
    meaning: 'PostgreSQL connection string, postgres://user:password@host:5432/name',
    secret: true,
    option: 'database',
  },
  {
    name: 'FLUENTMEET_DATABASE_SCHEMA',
    group: 'database',
    meaning: 'schema of our tables',
    default: 'public',
    option: 'databaseSchema',
  },
  {
    name: 'FLUENTMEET_CONFIG',
    group: 'database',
    meaning: "module whose default export is the host's options, as --config; variables count for more",
  },
  {
    name: 'FLUENTMEET_PUBLIC_URL',
    group: 'links',
    meaning: 'URL under which people reach the app, https://app.example.com, with a path or without',
    option: 'publicUrl',
  },
  {
    name: 'FLUENTMEET_VERIFICATION_URL',
    group: 'links',
    meaning: 'page that the verification links open',
    default: '<FLUENTMEET_PUBLIC_URL>/api/v1/auth/verify-email',
    option: 'verificationUrl',
  },
  {
    name: 'FLUENTMEET_SECRET',
    group: 'links',
    meaning: '32 characters or more; verification tokens are derived from it',
    secret: true,
    option: 'secret',
  },
  {
    name: 'FLUENTMEET_PREVIOUS_SECRETS',
    group: 'links',
    meaning:
      'secrets before it, comma-separated, newest first: still tried for links and counts made with them',
    secret: true,
    option: 'previousSecrets',
    parse: list,
  },
  {
    name: 'FLUENTMEET_TOKEN_TTL',
    group: 'emails',
    meaning: 'life of a verification link',
    default: '24h',
    option: 'tokenTtl',
  },
  {
    name: 'KAFKA_BROKERS',
    group: 'kafka',
    meaning: 'brokers that verification emails are published to, host:port, comma-separated',
    option: 'kafka.brokers',
    parse: list,
  },
  {
    name: 'KAFKA_SSL',
    group: 'kafka',
    meaning: 'connect by TLS: true or false',
    default: 'false',
    option: 'kafka.ssl',
    parse: flag,
  },
  {
    name: 'KAFKA_SASL_MECHANISM',
    group: 'kafka',
    meaning: 'plain, scram-sha-256 or scram-sha-512',
    option: 'kafka.sasl.mechanism',
  },
  {
    name: 'KAFKA_SASL_USERNAME',
    group: 'kafka',
    meaning: 'user at the brokers',
    option: 'kafka.sasl.username',
  },
  {
    name: 'KAFKA_SASL_PASSWORD',
    group: 'kafka',
    meaning: 'its password',
    secret: true,
    option: 'kafka.sasl.password',
  },
  {
    name: 'FLUENTMEET_EMAIL_TOPIC',
    group: 'kafka',
    meaning: 'topic of the emails',
    default: 'notifications.email',
    option: 'emailTopic',
  },
  {
    name: 'SMTP_URL',
    group: 'kafka',
    meaning:
      'SMTP server that mails are sent through, smtp://user:password@host:587: by "mailer", and without KAFKA_BROKERS straight from the outbox',
    secret: true,
    parse: smtpUrl,
  },
  {
    name: 'MAIL_FROM',
    group: 'kafka',
    meaning: 'sender of the mails, no-reply@example.com or Example <no-reply@example.com>',
    parse: mailFrom,
  },
  {
    name: 'FLUENTMEET_EMAIL_MAX_ATTEMPTS',
    group: 'emails',
    meaning: "failures of an email's own after which it is dead",
    default: '10',
    option: 'emailMaxAttempts',
    parse: wholeNumber,
  },
  {
    name: 'FLUENTMEET_EMAIL_RETENTION',
    group: 'emails',
    meaning: 'how long published and obsolete emails are kept',
    default: '30d',
    option: 'emailRetention',
  },
  {
    name: 'FLUENTMEET_UNVERIFIED_RETENTION',
    group: 'emails',
    meaning: 'after how long accounts that nobody verified are removed by a relay, 30d say; a day at least',
    default: 'never',
    option: 'unverifiedRetention',
  },
  {
    name: 'FLUENTMEET_DOMAIN_LIMIT',
    group: 'emails',
    meaning: 'emails an hour to one domain; further ones wait',
    default: 'none',
    option: 'domainLimit.perHour',
    parse: wholeNumber,
  },
  {
    name: 'FLUENTMEET_DOMAIN_LIMIT_EXCEPT',
    group: 'emails',
    meaning: 'domains without that limit, gmail.com say, comma-separated',
    option: 'domainLimit.except',
    parse: list,
  },
  ...brandVariables,
  {
    name: 'FLUENTMEET_BCRYPT_COST',
    group: 'signup',
    meaning: 'cost of a password hash, 4 to 15; "serve" wants 10 at least',
    default: '12',
    option: 'bcryptCost',
    parse: wholeNumber,
  },
  {
    name: 'FLUENTMEET_HASH_CONCURRENCY',
    group: 'signup',
    meaning: 'passwords hashed at once',
    default: 'the cores, and below UV_THREADPOOL_SIZE (4)',
    option: 'hashConcurrency',
    parse: wholeNumber,
  },
  {
    name: 'FLUENTMEET_SIGNUP',
    group: 'signup',
    meaning: 'who may sign up: open, invite or closed',
    default: 'open',
    option: 'signup',
  },
  {
    name: 'FLUENTMEET_LANGUAGES',
    group: 'signup',
    meaning: 'languages to choose from (BCP 47), comma-separated',
    default: 'every valid tag',
    option: 'languages',
    parse: list,
  },
  {
    name: 'FLUENTMEET_PASSWORD_BLOCKLIST',
    group: 'signup',
    meaning: "refuse the most used passwords, and one's own address or name: on or off",
    default: 'on',
    option: 'passwordBlocklist',
    parse: flag,
  },
  {
    name: 'FLUENTMEET_PASSWORD_MIN_SCORE',
    group: 'signup',
    meaning: 'least strength of a password (zxcvbn, packages of its own), 0 to 4',
    default: '0',
    option: 'passwordMinScore',
    parse: wholeNumber,
  },
  {
    name: 'FLUENTMEET_PROOF',
    group: 'signup',
    meaning: 'what verifies an account: link, or link-and-password',
    default: 'link',
    option: 'proof',
  },
  {
    name: 'FLUENTMEET_DUPLICATES',
    group: 'signup',
    meaning: 'how a known address is answered: conflict (409) or conceal',
    default: 'conflict',
    option: 'duplicates',
  },
  {
    name: 'FLUENTMEET_CHALLENGE',
    group: 'signup',
    meaning:
      'what a signup over HTTP has to pass: altcha (a proof of work, package altcha-lib), or altcha:2000 to make it harder',
    default: 'nothing; altcha is altcha:500',
    option: 'challenge',
    parse: challenge,
  },
  {
    name: 'FLUENTMEET_SIGNUP_RATE_LIMIT',
    group: 'server',
    meaning: 'signups a minute from one address',
    default: '10',
    option: 'rateLimits.signup',
    parse: wholeNumber,
  },
  { name: 'PORT', group: 'server', meaning: 'port of the server', default: '3000', parse: port },
  { name: 'HOST', group: 'server', meaning: 'address it listens on', default: '127.0.0.1' },
  {
    name: 'FLUENTMEET_ADMIN_PORT',
    group: 'server',
    meaning: 'port of health and Prometheus metrics; without it they are not served there',
    parse: port,
  },
  {
    name: 'FLUENTMEET_ADMIN_HOST',
    group: 'server',
    meaning: 'address that the admin port listens on',
    default: '127.0.0.1',
  },
  {
    name: 'FLUENTMEET_TRUST_PROXY',
    group: 'server',
    meaning: 'proxies whose X-Forwarded-For counts: how many, or their addresses (Express: trust proxy)',
    default: 'none',
    parse: trustProxy,
  },
  {
    name: 'FLUENTMEET_STOP_DELAY',
    group: 'server',
    meaning: 'how long readiness says no after SIGTERM before the listener closes, 10m at most',
    default: '0s',
    parse: stopDelay,
  },
  {
    name: 'REDIS_URL',
    group: 'server',
    meaning: 'Redis in which several processes share the rate limits, redis://host:6379',
    default: 'each process counts for itself',
    secret: true,
    parse: redisUrl,
  },
  {
    name: 'LOG_LEVEL',
    group: 'server',
    meaning: 'trace, debug, info, warn, error or silent',
    default: 'info',
    parse: logLevel,
  },
  {
    name: 'FLUENTMEET_DATA_DIR',
    group: 'dev',
    meaning: 'folder in which "fluentmeet dev" keeps its database, secret and mailbox',
    default: '.fluentmeet',
  },
] as const satisfies readonly Variable[];
