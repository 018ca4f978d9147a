import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { forUnverifiedOnly } from '../outbox/templates.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { type EmailFilter, literally, requireDomain } from './list-emails.js';

/** Which emails to replay; conditions add up. */
export interface ReplayFilter extends Omit<EmailFilter, 'status' | 'before'> {
  /** Default: dead; with `ids`, dead, pending or held. What is published goes out again only where that is asked for. */
  status?: 'dead' | 'published' | 'pending' | 'held' | undefined;
  /** Default: all of them. */
  limit?: number | undefined;
  /** Leaves alone what was published at this time or later: of two at once, one publishes. */
  publishedBefore?: Date | undefined;
}

/** The same as SQL, of the tables `o` (emails) and `u` (users). */
export interface ReplayChoice {
  /** All but the status. */
  matching: string;
  /** Written out, so that the partial index of the dead ones fits. */
  status: string;
  /** The ids first, where there are any. */
  bind: unknown[];
  ids: readonly number[] | undefined;
}

/** Some emails are of no use to the verified. */
export const wanted = `u.is_active and u.deleted_at is null and not (o.template in (${forUnverifiedOnly}) and u.is_verified)`;

/** @throws ValidationError (`VALIDATION_ERROR`) */
export function chooseReplay(filter: ReplayFilter): ReplayChoice {
  const { ids, status, since, until, email, domain, error, publishedBefore } = filter;
  const bind: unknown[] = [];
  const conditions = ['true'];
  const add = (condition: (placeholder: string) => string, value: unknown): void => {
    conditions.push(condition(`$${bind.push(value)}`));
  };
  if (ids) add((value) => `o.id = any(${value})`, ids);
  if (since) add((value) => `o.created_at >= ${value}`, since.toISOString());
  if (until) add((value) => `o.created_at < ${value}`, until.toISOString());
  if (email !== undefined) {
    const canonical = canonicalEmailAddress(email);
    if (!canonical.ok) throw new ValidationError([fault('email', canonical.fault)]);
    add((value) => `u.email = ${value}`, canonical.address);
  }
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
    bind,
    ids,
  };
}
