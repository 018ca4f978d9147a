import { z } from 'zod';
import type { Database } from '../database/database.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { forUnverifiedOnly } from '../outbox/templates.js';
import { requireEmailAddress } from '../users/email-address.js';
import { type EmailFilter, literally, requireDomain, timeOf } from './list-emails.js';

/** Which emails to replay; conditions add up. */
export interface ReplayFilter extends Omit<EmailFilter, 'status' | 'before'> {
  /** Default: dead; with `ids`, dead, pending or held. What is published goes out again only where that is asked for. */
  status?: 'dead' | 'published' | 'pending' | 'held' | undefined;
  /** Default: all of them. */
  limit?: number | undefined;
  /** Leaves alone what was published at this time or later: of two at once, one publishes. */
  publishedBefore?: Date | undefined;
}

export interface ReplayOptions {
  /** Choose, but change nothing. */
  dryRun?: boolean | undefined;
}

const replaySchema = z.object({
  filter: z.strictObject({
    ids: z.array(z.int()).optional(),
    status: z.enum(['dead', 'published', 'pending', 'held']).optional(),
    since: z.date().optional(),
    until: z.date().optional(),
    email: z.string().optional(),
    domain: z.string().optional(),
    error: z.string().optional(),
    limit: z.int().min(0).optional(),
    publishedBefore: z.date().optional(),
  } satisfies Record<keyof ReplayFilter, z.ZodType>),
  options: z.strictObject({ dryRun: z.boolean().optional() } satisfies Record<
    keyof ReplayOptions,
    z.ZodType
  >),
});

/**
 * What a host hands in. A condition that we do not know is refused and not passed over: without it all that is dead goes out.
 *
 * @throws ValidationError (`VALIDATION_ERROR`) naming every wrong part
 */
export function parseReplay(
  filter: unknown = {},
  options: unknown = {},
): { filter: ReplayFilter; options: ReplayOptions } {
  const { data, error } = replaySchema.safeParse({ filter, options });
  if (data) return data;
  throw new ValidationError(
    error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => fault(key, 'CONDITION_UNKNOWN'));
      const [part, name] = issue.path;
      return fault(String(name ?? part), 'CONDITION_MALFORMED');
    }),
  );
}

/** The same as SQL, of the tables `o` (emails) and `u` (users). */
export interface ReplayChoice {
  /** All but the status. */
  matching: string;
  /** Written out, so that the partial index of the dead ones fits. */
  status: string;
  /** A later email makes it needless. */
  superseded: string;
  /** The ids first, where there are any. */
  bind: unknown[];
  ids: readonly number[] | undefined;
}

/** Some emails are of no use to the verified. */
export const wanted = `u.is_active and u.deleted_at is null and not (o.template in (${forUnverifiedOnly}) and u.is_verified)`;

/** @throws ValidationError (`VALIDATION_ERROR`) */
export function chooseReplay(database: Database, filter: ReplayFilter): ReplayChoice {
  const { ids, status, since, until, email, domain, error, publishedBefore } = filter;
  const bind: unknown[] = [];
  const conditions = ['true'];
  const add = (condition: (placeholder: string) => string, value: unknown): void => {
    conditions.push(condition(`$${bind.push(value)}`));
  };
  if (ids) add((value) => `o.id = any(${value})`, ids);
  const time = `o.${timeOf(status)}`;
  if (since) add((value) => `${time} >= ${value}`, since.toISOString());
  if (until) add((value) => `${time} < ${value}`, until.toISOString());
  if (email !== undefined) add((value) => `u.email = ${value}`, requireEmailAddress(email));
  if (domain !== undefined) {
    add((value) => `split_part(u.email, '@', 2) = ${value}`, requireDomain(domain));
  }
  if (error !== undefined) add((value) => `o.last_error ilike ${value}`, `%${literally(error)}%`);
  if (publishedBefore) {
    add((value) => `(o.published_at is null or o.published_at < ${value})`, publishedBefore.toISOString());
  }
  const one = status ?? (ids ? undefined : 'dead');
  return {
    matching: conditions.join(' and '),
    status: one ? `o.status = '${one}'` : "o.status in ('dead', 'pending', 'held')",
    superseded: one === 'published' ? superseded(database, ids) : 'false',
    bind,
    ids,
  };
}

/**
 * Whoever asked for a mail once more gets the newest alone: of the same template, published later or about to be, or asked
 * for and not written yet. Of those
 * that were named by their ids the newest one.
 */
function superseded(database: Database, ids: readonly number[] | undefined): string {
  const written = `exists (
    select from ${database.table('email_outbox')} n
    where n.user_id = o.user_id and n.template = o.template ${ids ? 'and n.id = any($1)' : ''}
      and (n.status = 'pending' or n.status = 'published' and (n.published_at, n.id) > (o.published_at, o.id))
  )`;
  if (ids) return written;
  return `(${written} or o.template in (${forUnverifiedOnly}) and exists (
    select from ${database.table('email_requests')} r where r.user_id = o.user_id and r.due_at <= ${database.now()}
  ))`;
}
