import type { Context } from '../context.js';
import type { EmailStatus } from '../outbox/outbox-email.js';
import { chooseReplay, type ReplayFilter, type ReplayOptions, wanted } from './replay-filter.js';
import { type SkippedEmail, skippedEmails } from './skipped-emails.js';

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
  /** Asked for, and left alone. Without `ids`, the first thousand of them. */
  skipped: SkippedEmail[];
}

/**
 * Puts the chosen emails back to pending, due at once and with all their attempts, for the relay to publish. What was
 * published before gets a new event id: to a consumer it is a new email; of these each person gets the newest of each
 * template. What died and is no longer wanted, because the user is verified or gone, becomes obsolete instead. Safe to run
 * twice and in parallel: an email that is pending already is only made due (since when it was due first), and one that a relay holds is left to it.
 *
 * In SQL: one statement that locks, skips what others lock, and changes what it chose.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function replayEmails(
  { database, logger }: Context,
  filter: ReplayFilter,
  { dryRun = false }: ReplayOptions = {},
): Promise<ReplayResult> {
  const choice = chooseReplay(database, filter);
  const chosen = `${choice.matching} and ${choice.status}`;
  const emails = database.table('email_outbox');
  const chosenEmails = `
    select o.id, o.user_id, o.status, o.attempts, o.last_error
    from ${emails} o join ${database.table('users')} u on u.id = o.user_id
    where ${chosen} and ${wanted} and not (${choice.superseded})
      and (o.lease_token is null or o.next_attempt_at <= ${database.now()})
    order by o.id limit $${choice.bind.length + 1}`;
  // What waited goes on waiting since when it did.
  const due = `case when c.status = 'pending' then least(coalesce(o.due_at, o.created_at), ${database.now()}) else ${database.now()} end`;
  // Before the others, while they still stand as they stood.
  const skipped = await skippedEmails(database, choice);
  const rows = await database.query<ReplayedRow>(
    dryRun
      ? chosenEmails
      : `with chosen as (${chosenEmails} for update of o skip locked), replayed as (
           update ${emails} o
           set status = 'pending', attempts = 0, claims = 0, next_attempt_at = ${database.now()}, due_at = ${due}, lease_token = null,
             published_at = null,
             -- What was held has a place by an operator's word, and is not held again.
             domain_hour = case when c.status = 'held'
               then coalesce(o.domain_hour, date_trunc('hour', ${database.now()}, 'UTC')) end,
             event_id = case when c.status = 'published' then gen_random_uuid() else o.event_id end
           from chosen c where o.id = c.id
         ), unwanted as (
           update ${emails} o set status = 'obsolete', next_attempt_at = ${database.now()}
           from ${database.table('users')} u
           where u.id = o.user_id and ${chosen} and o.status = 'dead' and not (${wanted})
         )
         select * from chosen`,
    [...choice.bind, filter.limit ?? null],
  );
  const replayed = rows.map(toReplayedEmail);
  if (!dryRun && replayed.length > 0) {
    logger.info({ event: 'emails.replayed', count: replayed.length }, 'Emails put back to pending');
  }
  return { replayed, skipped: [...skipped, ...takenEmails(filter, replayed, skipped)] };
}

/** What was asked for by its id, and is in neither list, is locked by another replay. */
function takenEmails(
  { ids = [], limit }: ReplayFilter,
  replayed: readonly ReplayedEmail[],
  skipped: readonly SkippedEmail[],
): SkippedEmail[] {
  // Beyond a limit nobody asked for more.
  if (limit !== undefined && replayed.length >= limit) return [];
  const known = new Set([...replayed, ...skipped].map(({ id }) => id));
  return ids.filter((id) => !known.has(id)).map((id) => ({ id, reason: 'taken', status: null }));
}

interface ReplayedRow {
  id: string;
  user_id: string;
  status: EmailStatus;
  attempts: number;
  last_error: string | null;
}

function toReplayedEmail({ id, user_id, status, attempts, last_error }: ReplayedRow): ReplayedEmail {
  return { id: Number(id), userId: Number(user_id), status, attempts, lastError: last_error };
}
