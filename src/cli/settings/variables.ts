import { defaultBrand } from '../../brand.js';
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
  ...inGroup('database', {
    DATABASE_URL: {
      meaning: 'PostgreSQL connection string, postgres://user:password@host:5432/name',
      secret: true,
      option: 'database',
    },
    FLUENTMEET_DATABASE_SCHEMA: {
      meaning: 'schema of our tables',
      default: 'public',
      option: 'databaseSchema',
    },
    FLUENTMEET_CONFIG: {
      meaning: "module whose default export is the host's options, as --config; variables count for more",
    },
  }),
  ...inGroup('links', {
    FLUENTMEET_PUBLIC_URL: {
      meaning: 'URL under which people reach the app, https://app.example.com, with a path or without',
      option: 'publicUrl',
    },
    FLUENTMEET_VERIFICATION_URL: {
      meaning: 'page that the verification links open',
      default: '<FLUENTMEET_PUBLIC_URL>/api/v1/auth/verify-email',
      option: 'verificationUrl',
    },
    FLUENTMEET_SECRET: {
      meaning: '32 characters or more; verification tokens are derived from it',
      secret: true,
      option: 'secret',
    },
    FLUENTMEET_PREVIOUS_SECRETS: {
      meaning:
        'secrets before it, comma-separated, newest first: still tried for links and counts made with them',
      secret: true,
      option: 'previousSecrets',
      parse: list,
    },
  }),
  ...inGroup('kafka', {
    KAFKA_BROKERS: {
      meaning: 'brokers that verification emails are published to, host:port, comma-separated',
      option: 'kafka.brokers',
      parse: list,
    },
    KAFKA_SSL: {
      meaning: 'connect by TLS: true or false',
      default: 'false',
      option: 'kafka.ssl',
      parse: flag,
    },
    KAFKA_SASL_MECHANISM: {
      meaning: 'plain, scram-sha-256 or scram-sha-512',
      option: 'kafka.sasl.mechanism',
    },
    KAFKA_SASL_USERNAME: { meaning: 'user at the brokers', option: 'kafka.sasl.username' },
    KAFKA_SASL_PASSWORD: { meaning: 'its password', secret: true, option: 'kafka.sasl.password' },
    FLUENTMEET_EMAIL_TOPIC: {
      meaning: 'topic of the emails',
      default: 'notifications.email',
      option: 'emailTopic',
    },
    SMTP_URL: {
      meaning:
        'SMTP server that mails are sent through, smtp://user:password@host:587: by "mailer", and without KAFKA_BROKERS straight from the outbox',
      secret: true,
      parse: smtpUrl,
    },
    MAIL_FROM: {
      meaning: 'sender of the mails, no-reply@example.com or Example <no-reply@example.com>',
      parse: mailFrom,
    },
  }),
  ...inGroup('emails', {
    FLUENTMEET_TOKEN_TTL: { meaning: 'life of a verification link', default: '24h', option: 'tokenTtl' },
    FLUENTMEET_EMAIL_MAX_ATTEMPTS: {
      meaning: "failures of an email's own after which it is dead",
      default: '10',
      option: 'emailMaxAttempts',
      parse: wholeNumber,
    },
    FLUENTMEET_EMAIL_RETENTION: {
      meaning: 'how long published and obsolete emails are kept',
      default: '30d',
      option: 'emailRetention',
    },
    FLUENTMEET_UNVERIFIED_RETENTION: {
      meaning:
        'after how long accounts that nobody verified are removed by a relay, 30d say; a day at least; inactive ones stay',
      default: 'never',
      option: 'unverifiedRetention',
    },
    FLUENTMEET_DOMAIN_LIMIT: {
      meaning: 'emails an hour to one domain; further ones wait',
      default: 'none',
      option: 'domainLimit.perHour',
      parse: wholeNumber,
    },
    FLUENTMEET_DOMAIN_LIMIT_EXCEPT: {
      meaning: 'domains without that limit, gmail.com say, comma-separated',
      option: 'domainLimit.except',
      parse: list,
    },
    FLUENTMEET_BRAND_NAME: {
      meaning: 'name that pages and mails bear',
      default: defaultBrand.name,
      option: 'brand.name',
    },
    FLUENTMEET_BRAND_COLOUR: {
      meaning: 'colour of buttons, such as #2f4fc6',
      default: defaultBrand.colour,
      option: 'brand.colour',
    },
    FLUENTMEET_BRAND_LOGO: {
      meaning: 'URL of an image of the name; in mails by https only',
      option: 'brand.logo',
    },
    FLUENTMEET_BRAND_FAVICON: { meaning: 'URL of the icon of the pages', option: 'brand.favicon' },
    FLUENTMEET_BRAND_STYLESHEET: {
      meaning: 'URL of a style sheet of the pages, after ours',
      option: 'brand.stylesheet',
    },
    FLUENTMEET_BRAND_SUPPORT_URL: {
      meaning: 'page on which people get help, or mailto:help@example.com',
      option: 'brand.supportUrl',
    },
    FLUENTMEET_BRAND_LOGIN_URL: { meaning: 'page to log in', option: 'brand.loginUrl' },
    FLUENTMEET_BRAND_SIGNUP_URL: {
      meaning: 'page to sign up, where it is not /signup of the app',
      option: 'brand.signupUrl',
    },
    FLUENTMEET_BRAND_TERMS_URL: { meaning: 'page of the terms of service', option: 'brand.termsUrl' },
    FLUENTMEET_BRAND_TERMS_VERSION: {
      meaning: 'version of the terms; where it is set, people have to accept them',
      option: 'brand.termsVersion',
    },
    FLUENTMEET_BRAND_PRIVACY_URL: { meaning: 'page of the privacy policy', option: 'brand.privacyUrl' },
    FLUENTMEET_BRAND_AFTER_VERIFICATION: {
      meaning: 'page to go on to after the verification',
      option: 'brand.afterVerification',
    },
  }),
  ...inGroup('signup', {
    FLUENTMEET_BCRYPT_COST: {
      meaning: 'cost of a password hash, 4 to 15; "serve" wants 10 at least',
      default: '12',
      option: 'bcryptCost',
      parse: wholeNumber,
    },
    FLUENTMEET_HASH_CONCURRENCY: {
      meaning: 'passwords hashed at once',
      default: 'the cores, and below UV_THREADPOOL_SIZE (4)',
      option: 'hashConcurrency',
      parse: wholeNumber,
    },
    FLUENTMEET_SIGNUP: {
      meaning: 'who may sign up: open, invite or closed',
      default: 'open',
      option: 'signup',
    },
    FLUENTMEET_LANGUAGES: {
      meaning:
        'languages to choose from (BCP 47), comma-separated; without en among them the first is the default',
      default: 'every valid tag',
      option: 'languages',
      parse: list,
    },
    FLUENTMEET_PASSWORD_BLOCKLIST: {
      meaning: "refuse the most used passwords, and one's own address or name: on or off",
      default: 'on',
      option: 'passwordBlocklist',
      parse: flag,
    },
    FLUENTMEET_PASSWORD_MIN_SCORE: {
      meaning: 'least strength of a password (zxcvbn, packages of its own), 0 to 4',
      default: '0',
      option: 'passwordMinScore',
      parse: wholeNumber,
    },
    FLUENTMEET_PROOF: {
      meaning: 'what verifies an account: link, or link-and-password',
      default: 'link',
      option: 'proof',
    },
    FLUENTMEET_DUPLICATES: {
      meaning: 'how a known address is answered: conflict (409) or conceal',
      default: 'conflict',
      option: 'duplicates',
    },
    FLUENTMEET_CHALLENGE: {
      meaning:
        'what a signup over HTTP has to pass: altcha (a proof of work, package altcha-lib), or altcha:2000 to make it harder',
      default: 'nothing; altcha is altcha:500',
      option: 'challenge',
      parse: challenge,
    },
  }),
  ...inGroup('server', {
    FLUENTMEET_SIGNUP_RATE_LIMIT: {
      meaning: 'signups a minute from one address',
      default: '10',
      option: 'rateLimits.signup',
      parse: wholeNumber,
    },
    PORT: { meaning: 'port of the server', default: '3000', parse: port },
    HOST: { meaning: 'address it listens on', default: '127.0.0.1' },
    FLUENTMEET_ADMIN_PORT: {
      meaning: 'port of health and Prometheus metrics; without it they are not served there',
      parse: port,
    },
    FLUENTMEET_ADMIN_HOST: { meaning: 'address that the admin port listens on', default: '127.0.0.1' },
    FLUENTMEET_TRUST_PROXY: {
      meaning: 'proxies whose X-Forwarded-For counts: how many, or their addresses (Express: trust proxy)',
      default: 'none',
      parse: trustProxy,
    },
    FLUENTMEET_STOP_DELAY: {
      meaning: 'how long readiness says no after SIGTERM before the listener closes, 10m at most',
      default: '0s',
      parse: stopDelay,
    },
    REDIS_URL: {
      meaning: 'Redis in which several processes share the rate limits, redis://host:6379',
      default: 'each process counts for itself',
      secret: true,
      parse: redisUrl,
    },
    LOG_LEVEL: { meaning: 'trace, debug, info, warn, error or silent', default: 'info', parse: logLevel },
  }),
  ...inGroup('dev', {
    FLUENTMEET_DATA_DIR: {
      meaning: 'folder in which "fluentmeet dev" keeps its database, secret and mailbox',
      default: '.fluentmeet',
    },
  }),
];

/** @param rows by the name of the variable */
function inGroup<const Name extends string>(
  group: VariableGroup,
  rows: Readonly<Record<Name, Omit<Variable, 'name' | 'group'>>>,
): (Variable & { readonly name: Name })[] {
  return (Object.keys(rows) as Name[]).map((name) => ({ name, group, ...rows[name] }));
}
