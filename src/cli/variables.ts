import { isIP } from 'node:net';
import { brandVariables } from './brand-variables.js';
import { parseMailFrom } from '../publishers/smtp/mail-from.js';
import { parseSmtpUrl } from '../publishers/smtp/smtp-url.js';

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

export type Parse = (text: string) => { value: unknown } | { fault: string };

export type VariableName = (typeof variables)[number]['name'];

/** Every variable that the CLI reads (contract, section 8). `doctor`, the reference and the checks are made from it. */
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
    meaning: 'origin under which people reach the app, https://app.example.com',
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
    group: 'links',
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
    meaning: 'emails an hour to one domain, of those to addresses that nobody verified; further ones wait',
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

function wholeNumber(text: string): ReturnType<Parse> {
  return /^\d{1,9}$/.test(text) ? { value: Number(text) } : { fault: 'must be a whole number' };
}

function port(text: string): ReturnType<Parse> {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? { value: Number(text) }
    : { fault: 'must be a port from 0 (any free one) to 65535' };
}

function flag(text: string): ReturnType<Parse> {
  if (/^(true|1|yes|on)$/i.test(text)) return { value: true };
  return /^(false|0|no|off)$/i.test(text) ? { value: false } : { fault: 'must be true or false' };
}

function list(text: string): ReturnType<Parse> {
  const items = text.split(',').map((item) => item.trim());
  return { value: items.filter((item) => item !== '') };
}

/** Express's own words. A host name is refused: Express would throw on it at start, with less said. */
function trustProxy(text: string): ReturnType<Parse> {
  if (/^\d{1,3}$/.test(text)) return { value: Number(text) };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  const parts = text.split(',').map((part) => part.trim());
  const known = (part: string): boolean => {
    const [address = '', prefix] = part.split('/');
    const bits = isIP(address) === 4 ? 32 : 128;
    const prefixFits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    return /^(loopback|linklocal|uniquelocal)$/.test(part) || (isIP(address) > 0 && prefixFits);
  };
  return parts.every(known)
    ? { value: parts.join(', ') }
    : { fault: 'must be a number of proxies, or addresses such as loopback or 10.0.0.0/8, comma-separated' };
}

function challenge(text: string): ReturnType<Parse> {
  const [, difficulty] = /^altcha(?::(\d{1,7}))?$/.exec(text) ?? [];
  if (difficulty !== undefined) return { value: { altcha: { difficulty: Number(difficulty) } } };
  return text === 'altcha'
    ? { value: text }
    : { fault: "must be altcha or altcha:<difficulty>; a function of the host's is for FLUENTMEET_CONFIG" };
}

function stopDelay(text: string): ReturnType<Parse> {
  const match = /^(\d{1,6})(ms|s|m)$/.exec(text);
  const value = match ? Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'] : NaN;
  return value <= 600_000 ? { value } : { fault: 'must be a length of time such as 5s, 10m at most' };
}

function redisUrl(text: string): ReturnType<Parse> {
  return /^rediss?:\/\//.test(text) && URL.canParse(text)
    ? { value: text }
    : { fault: 'must be a redis:// or rediss:// URL' };
}

function smtpUrl(text: string): ReturnType<Parse> {
  const url = parseSmtpUrl(text);
  return url.ok ? { value: text } : { fault: url.message };
}

function mailFrom(text: string): ReturnType<Parse> {
  return parseMailFrom(text) ? { value: text } : { fault: 'must be an address, or Name <address>' };
}

function logLevel(text: string): ReturnType<Parse> {
  return /^(trace|debug|info|warn|error|fatal|silent)$/.test(text)
    ? { value: text }
    : { fault: 'must be trace, debug, info, warn, error or silent' };
}
