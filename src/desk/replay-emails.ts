import type { Context } from '../context.js';
import type { Database } from '../database/database.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import type { EmailStatus } from '../outbox/outbox-email.js';
import { forUnverifiedOnly } from '../outbox/templates.js';

/** Which emails to replay; conditions add up. */
export interface ReplayFilter {
  ids?: readonly number[] | undefined;
  /** Default: dead; with `ids`, dead or pending. What is published goes out again only where that is asked for. */
  status?: 'dead' | 'published' | 'pending' | undefined;
  /** Created at this time or later. */
  since?: Date | undefined;
  /** The address of the user. */
  email?: string | undefined;
  limit?: number | undefined;
  /** Leaves alone what was published at this time or later: of two at once, one publishes. */
  publishedBefore?: Date | undefined;
}

export interface ReplayOptions {
  /** Choose, but change nothing. */
  dryRun?: boolean | undefined;
}

/** An email that was chosen, as it stood. */
export interface ReplayedEmail {
  id: number;
  userId: number;
  /** Its status before the replay. */
  status: EmailStatus;
  attempts: number;
  lastError: string | null;
}

export interface ReplayResult {
  replayed: ReplayedEmail[];
  /** Asked for, and left alone: why. Without `ids`, the first thousand of them. */
  skipped: { id: number; reason: string }[];
}

/**
 * Puts the chosen emails back to pending, due at once and with all their attempts, for the relay to publish. What was
 * published before gets a new event id: to a consumer it is a new email. What died and is no longer wanted, because the
 * user is verified or gone, becomes obsolete instead. Safe to run twice and in parallel: an email that is pending
 * already is only made due, and one that a relay holds is left to it.
 *
 * @throws ValidationError, ServiceUnavailableError
 */
export async function replayEmails(
  { database, logger }: Context,
  filter: ReplayFilter,
  { dryRun = false }: ReplayOptions = {},
): Promise<ReplayResult> {
  const choice = chosen(filter);
  const emails = database.table('email_outbox');
  const chosenEmails = `
    select o.id, o.user_id, o.status, o.attempts, o.last_error
    from ${emails} o join ${database.table('users')} u on u.id = o.user_id
    where ${choice.conditions.join(' and ')} and ${wanted}
      and (o.lease_token is null or o.next_attempt_at <= ${database.now()})
    order by o.id limit $${choice.bind.length + 1}`;
  // Before the others, while they still stand as they stood.
  const skipped = await skippedEmails(database, choice);
  const replayed = await database.query<ReplayedRow>(
    dryRun
      ? chosenEmails
      : `with chosen as (${chosenEmails} for update of o skip locked), replayed as (
           update ${emails} o
           set status = 'pending', attempts = 0, claims = 0, next_attempt_at = ${database.now()}, lease_token = null,
             published_at = null,
             event_id = case when c.status = 'published' then gen_random_uuid() else o.event_id end
           from chosen c where o.id = c.id
         ), unwanted as (
           update ${emails} o set status = 'obsolete' from ${database.table('users')} u
           where u.id = o.user_id and ${choice.conditions.join(' and ')} and o.status = 'dead' and not (${wanted})
         )
         select * from chosen`,
    [...choice.bind, filter.limit ?? null],
  );
  if (!dryRun) {
    logger.info({ event: 'emails.replayed', count: replayed.length }, 'Emails put back to pending');
  }
  const done = new Set(replayed.map(({ id }) => Number(id)));
  const left = (filter.ids ?? []).filter((id) => !done.has(id) && !skipped.has(id));
  return {
    replayed: replayed.map(toReplayedEmail),
    skipped: [
      ...[...skipped].map(([id, reason]) => ({ id, reason })),
      ...left.map((id) => ({ id, reason: 'somebody else is replaying it' })),
    ],
  };
}

interface ReplayedRow {
  id: string;
  user_id: string;
  status: EmailStatus;
  attempts: number;
  last_error: string | null;
}

const wanted = `u.is_active and u.deleted_at is null and not (o.template in (${forUnverifiedOnly}) and u.is_verified)`;

interface Choice {
  conditions: string[];
  /** The ids first, where there are any. */
  bind: unknown[];
  ids: readonly number[] | undefined;
}

function chosen({ ids, status, since, email, publishedBefore }: ReplayFilter): Choice {
  const bind: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: (placeholder: string) => string, value: unknown): void => {
    conditions.push(condition(`$${bind.push(value)}`));
  };
  if (ids) add((value) => `o.id = any(${value})`, ids);
  if (since) add((value) => `o.created_at >= ${value}`, since.toISOString());
  if (email !== undefined) {
    const canonical = canonicalEmailAddress(email);
    if (!canonical.ok) throw new ValidationError([fault('email', canonical.fault)]);
    add((value) => `u.email = ${value}`, canonical.address);
  }
  if (publishedBefore) {
    add((value) => `(o.published_at is null or o.published_at < ${value})`, publishedBefore.toISOString());
  }
  // Written out, so that the partial index of the dead ones fits.
  const one = status ?? (ids ? undefined : 'dead');
  conditions.push(one ? `o.status = '${one}'` : "o.status in ('dead', 'pending')");
  return { conditions, bind, ids };
}

/** What was asked for and will not be replayed, with its reason. */
async function skippedEmails(
  database: Database,
  { conditions, bind, ids }: Choice,
): Promise<Map<number, string>> {
  const now = database.now();
  const leased = `(o.lease_token is not null and o.next_attempt_at > ${now})`;
  const columns = `o.id, o.status, ${leased} as leased, not (${wanted}) as unwanted`;
  const from = `${database.table('email_outbox')} o join ${database.table('users')} u on u.id = o.user_id`;
  const matching = conditions.join(' and ');
  const rows = await database.query<SkippedRow>(
    ids
      ? `select ${columns}, (${matching}) as matching from ${from} where o.id = any($1)`
      : `select ${columns}, true as matching from ${from}
         where ${matching} and (${leased} or not (${wanted})) order by o.id limit 1000`,
    bind,
  );
  const found = new Map(rows.map((row) => [Number(row.id), row]));
  const reasons = (ids ?? [...found.keys()]).map((id) => [id, skipReason(found.get(id))] as const);
  return new Map(reasons.filter((entry): entry is [number, string] => entry[1] !== undefined));
}

interface SkippedRow {
  id: string;
  status: EmailStatus;
  leased: boolean;
  unwanted: boolean;
  /** It has what was asked for. */
  matching: boolean;
}

function skipReason(row: SkippedRow | undefined): string | undefined {
  if (!row) return 'there is no such email';
  if (row.unwanted || row.status === 'obsolete') return 'the user is verified or gone';
  if (row.leased) return 'a relay is publishing it now';
  if (row.matching) return undefined;
  return row.status === 'dead' ? 'it is dead' : `it is ${row.status} already`;
}

function toReplayedEmail({ id, user_id, status, attempts, last_error }: ReplayedRow): ReplayedEmail {
  return { id: Number(id), userId: Number(user_id), status, attempts, lastError: last_error };
}
