import { Sequelize } from 'sequelize';
import { z } from 'zod';
import { isWebUrl } from '../brand.js';
import { clientSettings } from '../database/connection-string.js';
import { longestDuration, parseDuration } from './duration.js';
import { faultMessages } from '../faults.js';
import { consoleLogger, type Logger } from '../logger.js';
import { canonicalLanguageTag } from '../users/language.js';
import { hostSentenceFault } from '../words/check-host-words.js';
import type { HostWords } from '../words/words.js';

/** What the values of options may be, and what is said of those that may not: `options.ts` puts them together. */

export const hour = 3_600_000;
export const day = 24 * hour;

/** Refuses from within a transform or a check. */
export function refuseOption(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const notADuration = 'must be a duration such as 30s, 1h30m or 2w';

export const duration = z
  .union([z.number(), z.string()], { error: notADuration })
  .transform((value, context) => {
    const length = parseDuration(typeof value === 'number' ? `${value}ms` : value);
    if (length !== undefined && length <= longestDuration) return length;
    return refuseOption(context, length === undefined ? notADuration : 'must be 36500d or less');
  });

export const positiveDuration = duration.refine((value) => value > 0, 'must be more than 0');

export const httpUrl = z
  .string()
  .refine(
    (text) => isWebUrl(text) && !new URL(text).hash,
    'must be an absolute http or https URL without credentials or fragment',
  )
  .transform((url) => new URL(url).href);

export const hook = <T>() =>
  z.custom<T>((value) => typeof value === 'function', 'must be a function').optional();

export const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  z.enum(values, `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`);

export const secret = z.string().min(32, 'must be 32 characters or more');

export const count = (least: number, most: number) =>
  z.number(`must be a whole number from ${least} to ${most}`).int().min(least).max(most);

export const object = <T>(kind: string, methods: readonly string[]) =>
  z.custom<T>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
    `must be a ${kind}, with ${methods.join(', ')}`,
  );

export const logger = object<Logger>('logger', ['debug', 'info', 'warn', 'error']).default(consoleLogger);

export const topicName = z.string().regex(/^[\w.-]{1,249}$/, 'must be a Kafka topic name');

export const languageTag = z.string().transform((value, context) => {
  const language = canonicalLanguageTag(value);
  return language.ok ? language.tag : refuseOption(context, faultMessages[language.fault]);
});

export const hostWords = z
  .record(z.string(), z.record(z.string(), z.string('must be a sentence').optional()))
  .transform((languages, context) => {
    const refuseAt = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const canonical = Object.entries(languages).map(([language, sentences]) => {
      const tag = canonicalLanguageTag(language);
      if (!tag.ok) refuseAt([language], faultMessages[tag.fault]);
      for (const [key, sentence] of Object.entries(sentences)) {
        const fault = sentence === undefined ? null : hostSentenceFault(key, sentence);
        if (fault !== null) refuseAt([language, key], fault);
      }
      return [tag.ok ? tag.tag : language, sentences];
    });
    return Object.fromEntries(canonical) as HostWords;
  });

export function isPublisher(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { publish, check, close, batchSize = 1 } = value as Record<string, unknown>;
  return (
    typeof publish === 'function' &&
    [check, close].every((method) => method === undefined || typeof method === 'function') &&
    Number.isInteger(batchSize) &&
    (batchSize as number) > 0
  );
}

const isSequelize = object<Sequelize>('Sequelize', ['query', 'transaction', 'getDialect']);

export const database = z.custom<string | Sequelize>().superRefine((value, context) => {
  const fault = typeof value === 'string' ? connectionStringFault(value) : sequelizeFault(value);
  if (fault !== undefined) refuseOption(context, fault);
});

function connectionStringFault(text: string): string | undefined {
  try {
    clientSettings(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function sequelizeFault(value: Sequelize): string | undefined {
  if (!isSequelize.safeParse(value).success) {
    return `${value === undefined ? 'is missing, and ' : ''}must be a postgres:// connection string or a Sequelize instance`;
  }
  if (value instanceof Sequelize || versionOf(value) === undefined) return undefined;
  return `is of another copy of sequelize (${versionOf(value)}; ours is ${versionOf(Sequelize.prototype)}): keep one, npm ls sequelize shows where they come from`;
}

/** Which sequelize made this connection; two copies do not know each other's models and types. */
function versionOf({ constructor }: object): string | undefined {
  return (constructor as { version?: string }).version;
}
