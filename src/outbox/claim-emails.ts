import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { startStopwatch } from '../stopwatch.js';
import { pauseHolds } from './relay-pause.js';
import { isTemplate, templates } from './templates.js';

/** How long a claimed email is left to its relay, in milliseconds. */
export const leaseDuration = 30_000;

/** Milliseconds after it was due in which an email goes out where relays are at work. */
const onTimeFor = 10_000;

/** Claims without a result that make an email suspect, as does a failure. */
const suspectAfter = 2;

/** A claimed email, with what its message is made of as it stands now. */
export interface ClaimedEmail {
  id: string;
  event_id: string;
  user_id: string;
  /** One of ours, unless a newer version wrote it. */
  template: string;
  attempts: number;
  claims: number;
  created_at: Date;
  /** When it was to go, in milliseconds since 1970. */
  due: number;
  /** It did not go when it was to, or waited for its domain: others of its mailbox may have gathered meanwhile. */
  has_waited: boolean;
  /** It is due because an hour of its domain began, whatever its mailbox counted for it. */
  has_waited_for_domain: boolean;
  /** Not the email of the signup itself: one that was asked for later. */
  is_again: boolean;
  verification_token_id: string | null;
  token_hash: Buffer | null;
  /** Whether the token outlives the message's way to its reader. */
  token_live: boolean | null;
  token_expires_at: Date | null;
  email: string;
  full_name: string | null;
  listening_language: string;
  is_verified: boolean;
  is_gone: boolean;
}

/** It will not go out, by what its account is now. One that a newer version wrote is for that to judge. */
export function isObsolete({
  is_gone,
  is_verified,
  template,
}: Pick<ClaimedEmail, 'is_gone' | 'is_verified' | 'template'>): boolean {
  return is_gone || (is_verified && isTemplate(template) && templates[template].forUnverifiedOnly);
}

export interface Batch {
  leaseToken: string;
  emails: ClaimedEmail[];
  /** Milliseconds since before the claim: the lease is surely ours until `leaseDuration`. */
  age: () => number;
  /** How many more were claimed, and wait now until their mailbox or their domain may get more. */
  held?: number;
}

/** What to claim. */
export interface ClaimRequest {
  limit: number;
  /**
   * `suspect` emails failed before, or their claims keep ending without a result, as if they killed their relay. They
   * are claimed alone, so that what they do to a publisher happens to no other.
   */
  kind: 'healthy' | 'suspect';
  /** Narrows it to these emails, due or not. */
  ids?: readonly string[] | undefined;
  /** A UUID of the caller's, who can then give back what a claim without an answer took. Default: a new one. */
  leaseToken?: string | undefined;
}

/**
 * Leases emails that are due, oldest first, past what other relays hold; none while an operator holds them
 * all up. One statement, one short transaction.
 *
 * Everything is looked up by its key, row by row, which is what the array and the `limit 1` are for: as plain joins
 * PostgreSQL plans it to read all three tables whole for a batch of 500, until they are some hundred thousand rows long.
 */
export async function claimEmails(
  { database, config }: Context,
  { limit, kind, ids, leaseToken = randomUUID() }: ClaimRequest,
): Promise<Batch> {
  const now = database.now();
  const age = startStopwatch();
  // Whoever waited for an email gets no link that is nearly over. One that may be published already keeps its link, and
  // with it its event id, unless that would die on its way to the reader.
  const margin = `case when c.claims - c.attempts > 1 then ${Math.min(60_000, config.tokenTtl / 10)} else ${config.tokenTtl / 2} end`;
  const isWhole = kind === 'healthy' && !ids;
  // SQL: locks, leases and reads three tables in one trip.
  const emails = await database.query<ClaimedEmail>(
    `with due as (
       select id from ${database.table('email_outbox')}
       where status = 'pending' and not exists (select from ${database.table('relay_pause')} where ${pauseHolds(database)})
         and ${ids ? `id = any($4) and (lease_token is null or next_attempt_at <= ${now})` : `next_attempt_at <= ${now}`}
         and ${kind === 'healthy' ? 'not' : ''} (attempts > 0 or claims - attempts >= ${suspectAfter})
       order by next_attempt_at limit $1
       for update skip locked
     ), released as (
       ${isWhole ? heldThatAreDue(database) : 'select id from due'}
     ), claimed as (
       update ${database.table('email_outbox')} o
       set status = 'pending', claims = o.claims + 1, lease_token = $2, next_attempt_at = ${now} + $3 * interval '1 millisecond'
       where o.id = any (array(select id from due union select id from released))
       returning o.id, o.event_id, o.user_id, o.template, o.attempts, o.claims, o.created_at, o.verification_token_id,
         (extract(epoch from coalesce(o.due_at, o.created_at)) * 1000)::double precision as due,
         ${hasWaited(database, config)} as has_waited, ${waitedForDomain} as has_waited_for_domain
     )
     select c.*, c.created_at > u.since as is_again, u.*, t.*
     from claimed c
     cross join lateral (
       select email, full_name, listening_language, is_verified, not is_active or deleted_at is not null as is_gone, created_at as since
       from ${database.table('users')} where id = c.user_id limit 1
     ) u
     left join lateral (
       select token_hash, expires_at as token_expires_at, expires_at > ${now} + ${margin} * interval '1 millisecond' as token_live
       from ${database.table('verification_tokens')} where id = c.verification_token_id limit 1
     ) t on true
     order by c.id`,
    [kind === 'suspect' ? 1 : limit, leaseToken, leaseDuration, ...(ids ? [ids] : [])],
  );
  return { leaseToken, emails, age };
}

/** What waited for an hour of its domain is due in its first second, one microsecond after another. */
const waitedForDomain = `coalesce(o.due_at >= o.domain_hour and o.due_at < o.domain_hour + interval '1 second', false)`;

/**
 * Without a limit of domains a place in an hour is an operator's word, given to what was held (replay-emails.ts): it
 * goes.
 */
function hasWaited(database: Context['database'], { domainLimit }: Context['config']): string {
  const isLate = `coalesce(o.due_at, o.created_at) < ${database.now()} - ${onTimeFor} * interval '1 millisecond'`;
  return domainLimit ? `(${isLate} or ${waitedForDomain})` : `(${isLate} and o.domain_hour is null)`;
}

/** Those whose mailbox may get more by now. By an index of their own, which is empty as a rule. */
function heldThatAreDue(database: Context['database']): string {
  return `select id from ${database.table('email_outbox')}
       where status = 'held' and not exists (select from ${database.table('relay_pause')} where ${pauseHolds(database)}) and next_attempt_at <= ${database.now()}
       order by next_attempt_at limit $1
       for update skip locked`;
}
