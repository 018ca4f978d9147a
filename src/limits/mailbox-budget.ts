import { createHmac } from 'node:crypto';
import type { Context } from '../context.js';
import type { Config } from '../options/options.js';

/**
 * What the mails to one mailbox are counted by: HMAC-SHA-256 of the address without its `+tag`, under the configured
 * secret, so that the table of counts tells nobody who was written to.
 *
 * @param address canonical; any other text is a mailbox of its own
 */
export function mailboxKey(secret: string, address: string): Buffer {
  return createHmac('sha256', secret).update('mailbox:').update(mailboxOf(address)).digest();
}

/** `ada+1@example.com` and `ada+2@example.com` arrive in one place. */
export function mailboxOf(address: string): string {
  const [plus, at] = [address.indexOf('+'), address.lastIndexOf('@')];
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address;
}

/** The key under the secret, then those under the previous ones: a mailbox is counted where it was counted before. */
export function mailboxKeys(
  { secret, previousSecrets }: Pick<Config, 'secret' | 'previousSecrets'>,
  address: string,
): Buffer[] {
  return [secret, ...previousSecrets].map((one) => mailboxKey(one, address));
}

type BudgetContext = Pick<Context, 'database' | 'config'>;

/**
 * SQL of a CTE's body: counts a resend to the mailbox if the budget allows it, and one more that was skipped if not.
 * `granted` says which, `next_at` when the next one is possible. The row is locked by it, so that of many at once each
 * sees what the one before it counted; known and unknown addresses do the same here.
 *
 * @param mailbox the placeholder of `mailboxKeys`
 */
export function spendResend({ database, config }: BudgetContext, mailbox: string): string {
  const { resend } = config.mailboxLimits;
  const now = database.now();
  return `insert into ${database.table('mailbox_counts')} as c (mailbox, budget, times, expires_at)
     select key.mailbox, key.budget, array[${now}], ${now} + ${lifetime}
     from (${countInUse({ database, config }, mailbox, () => "'resend'")}) key
     on conflict (mailbox, budget) do update set (times, skipped, granted, expires_at) = (
       select case when possible then ${appended('c.times', now, resend)} else c.times end,
         case when not possible then c.skipped + 1
           when c.times[cardinality(c.times)] > ${now} - interval '1 day' then c.skipped
           else 0 end,
         possible, ${now} + ${lifetime}
       from (select coalesce(${nextPossible('c.times', resend)} <= ${now}, true) as possible) request
     )
     returning granted, ${nextPossible('times', resend)} as next_at`;
}

/**
 * SQL of a CTE's body: keeps a place in the mailbox's budget for the mail of a signup. `due_at` is when it may go: now, or
 * as soon as the budget allows it after all that wait already.
 *
 * @param mailbox the placeholder of `mailboxKeys`
 * @param source what has a row if there is such a mail, a `cross join`; empty for always
 */
export function reserveSignUp({ database, config }: BudgetContext, mailbox: string, source: string): string {
  const { signup } = config.mailboxLimits;
  const now = database.now();
  return `insert into ${database.table('mailbox_counts')} as c (mailbox, budget, times, expires_at)
     select key.mailbox, key.budget, array[${now}], ${now} + ${lifetime}
     from (${countInUse({ database, config }, mailbox, () => "'signup'")}) key ${source}
     on conflict (mailbox, budget) do update set (times, expires_at) = (
       select ${appended('c.times', 'place.due_at', signup)}, place.due_at + ${lifetime}
       from (select greatest(${now}, ${nextPossible('c.times', signup)}) as due_at) place
     )
     returning times[cardinality(times)] as due_at`;
}

/**
 * SQL of one row: the `mailbox` and `budget` that a mailbox is counted by. After a change of the secret that is what it was
 * counted by before, as long as that count lasts: else its budget, or whoever guesses passwords, would start anew.
 *
 * @param keys the placeholder of `mailboxKeys`
 * @param budget SQL of the budget, for the key in this place
 */
export function countInUse(
  { database, config }: BudgetContext,
  keys: string,
  budget: (place: string) => string,
): string {
  if (config.previousSecrets.length === 0) {
    return `select (${keys}::bytea[])[1] as mailbox, ${budget('1')} as budget`;
  }
  return `select one.mailbox, ${budget('one.place')} as budget
       from unnest(${keys}::bytea[]) with ordinality as one (mailbox, place)
       left join ${database.table('mailbox_counts')} used on used.mailbox = one.mailbox
         and used.budget = ${budget('one.place')} and used.expires_at > ${database.now()}
       order by used.mailbox is null, one.place limit 1`;
}

const lifetime = `interval '25 hours'`;

interface Limits {
  minute: number;
  day: number;
}

/** When one more is possible after these; null where that is at once. The limits are whole numbers of our own options. */
function nextPossible(times: string, { minute, day }: Limits): string {
  return `greatest(${times}[cardinality(${times}) + 1 - ${minute}] + interval '1 minute',
    ${times}[cardinality(${times}) + 1 - ${day}] + interval '1 day')`;
}

/** No more than the budget of a day is ever looked at. */
function appended(times: string, time: string, { day }: Limits): string {
  return `(${times} || ${time})[cardinality(${times}) + 2 - ${day}:]`;
}

/** Emails that were asked for again within the last day, and sent; `nextAt` is null where one is possible now. */
export interface Resends {
  asked: number;
  sent: number;
  nextAt: Date | null;
}

/** @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`) */
export async function readResends({ database, config }: BudgetContext, address: string): Promise<Resends> {
  const now = database.now();
  // SQL: counts within an array, by the database's clock.
  const [resends] = await database.query<Resends>(
    `select sent, case when sent > 0 then sent + skipped else 0 end as asked,
       case when next_at > ${now} then next_at end as "nextAt"
     from (
       select mailbox, skipped, ${nextPossible('times', config.mailboxLimits.resend)} as next_at,
         (select count(*)::integer from unnest(times) t where t > ${now} - interval '1 day' and t <= ${now}) as sent
       from ${database.table('mailbox_counts')} where mailbox = any($1::bytea[]) and budget = 'resend'
     ) c order by array_position($1::bytea[], mailbox) limit 1`,
    [mailboxKeys(config, address)],
  );
  return resends ?? { asked: 0, sent: 0, nextAt: null };
}
