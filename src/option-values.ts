import { Sequelize } from 'sequelize';
import { z } from 'zod';
import { clientSettings } from './database/connection-string.js';
import { longestDuration, parseDuration } from './duration.js';
import { faultMessages } from './faults.js';
import { canonicalLanguageTag } from './users/language.js';
import { hostSentenceFault } from './words/check-host-words.js';
import type { HostWords } from './words/words.js';

/** What the values of options may be, and what is said of those that may not: `options.ts` puts them together. */

export const hour = 3_600_000;
export const day = 24 * hour;

const notADuration = 'must be a duration such as 30s, 1h30m or 2w';

export const duration = z
  .union([z.number(), z.string()], { error: notADuration })
  .transform((value, context) => {
    const length = parseDuration(typeof value === 'number' ? `${value}ms` : value);
    if (length !== undefined && length <= longestDuration) return length;
    const message = length === undefined ? notADuration : 'must be 36500d or less';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

export const positiveDuration = duration.refine((value) => value > 0, 'must be more than 0');

export const httpUrl = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const usable = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash;
  if (usable) return url.href;
  context.addIssue({
    code: 'custom',
    message: 'must be an absolute http or https URL without credentials or fragment',
  });
  return z.NEVER;
});

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

export const languageTag = z.string().transform((value, context) => {
  const language = canonicalLanguageTag(value);
  if (language.ok) return language.tag;
  context.addIssue({ code: 'custom', message: faultMessages[language.fault] });
  return z.NEVER;
});

export const hostWords = z
  .record(z.string(), z.record(z.string(), z.string('must be a sentence').optional()))
  .transform((languages, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const canonical = Object.entries(languages).map(([language, sentences]) => {
      const tag = canonicalLanguageTag(language);
      if (!tag.ok) refuse([language], faultMessages[tag.fault]);
      for (const [key, sentence] of Object.entries(sentences)) {
        const fault = sentence === undefined ? null : hostSentenceFault(key, sentence);
        if (fault !== null) refuse([language, key], fault);
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
  if (typeof value === 'string') {
    try {
      clientSettings(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  } else if (!isSequelize.safeParse(value).success) {
    context.addIssue({
      code: 'custom',
      message: `${value === undefined ? 'is missing, and ' : ''}must be a postgres:// connection string or a Sequelize instance`,
    });
  } else if (!(value instanceof Sequelize) && versionOf(value) !== undefined) {
    context.addIssue({
      code: 'custom',
      message: `is of another copy of sequelize (${versionOf(value)}; ours is ${versionOf(Sequelize.prototype)}): keep one, npm ls sequelize shows where they come from`,
    });
  }
});

/** Which sequelize made this connection; two copies do not know each other's models and types. */
function versionOf({ constructor }: object): string | undefined {
  return (constructor as { version?: string }).version;
}
