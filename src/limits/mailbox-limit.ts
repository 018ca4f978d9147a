import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { type Batch, type ClaimedEmail, isObsolete } from '../outbox/claim-emails.js';
import { mailboxKeys, mailboxOf } from './mailbox-budget.js';
import type { MailboxBudgetName } from './mailbox-count.js';
import { budgetOf, rescheduled } from './mailbox-times.js';

/**
 * Keeps a claimed batch within `mailboxLimits` where emails did not go when they were due: relays that stood still, a
 * pause, an outage or a domain's hour gather what was to go minute by minute. Of a mailbox that has more than a minute's,
 * each gets a new time, in the place of the old one that its mailbox counts, and is `held` until then. Resolves with those
 * that may be published.
 *
 * One statement for a batch in which several emails for one mailbox, one for a `+tag` of it, or one that was asked for
 * again, waited; nothing for any other.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function withinMailboxLimits(context: Context, batch: Batch): Promise<Batch> {
  // What will not go out needs no place.
  const waited = batch.emails.filter((email) => email.has_waited && !isObsolete(email));
  const mailboxes = mailboxesOf(context, waited);
  if (mailboxes.length === 0) return batch;
  const crowded = await withMoreThanAMinutesMails(context, mailboxes);
  if (crowded.length === 0) return batch;
  const held = await context.database.transaction(async (transaction) => {
    const locked = await readCounts(context, crowded, transaction);
    const changes = crowded.flatMap((mailbox) => reschedule(context, mailbox, locked));
    await writeCounts(context, changes, transaction);
    return writeTimes(context, batch.leaseToken, changes, transaction);
  });
  logHeld(context, batch.emails, held);
  return { ...batch, emails: batch.emails.filter(({ id }) => !held.has(id)) };
}

interface Mailbox {
  /** As hex: under the present secret, then under the previous ones. */
  keys: readonly [string, ...string[]];
  emails: ClaimedEmail[];
}

/** But for the signup's own email, alone to an address as it is: of a backlog that is nearly every one, and it goes in any case. */
function mailboxesOf({ config }: Context, emails: readonly ClaimedEmail[]): Mailbox[] {
  const byName = new Map<string, ClaimedEmail[]>();
  for (const email of emails.toSorted((a, b) => a.due - b.due || Number(a.id) - Number(b.id))) {
    const name = mailboxOf(email.email);
    const ofOne = byName.get(name);
    if (ofOne) ofOne.push(email);
    else byName.set(name, [email]);
  }
  return [...byName]
    .filter(
      ([name, ofOne]) => ofOne.length > 1 || ofOne.some(({ email, is_again }) => is_again || email !== name),
    )
    .map(([name, ofOne]) => ({
      keys: mailboxKeys(config, name).map((key) => key.toString('hex')) as [string, ...string[]],
      emails: ofOne,
    }));
}

/** Those that have been promised more than goes out in one minute: of most nothing can come to more. */
async function withMoreThanAMinutesMails(
  { database, config }: Context,
  mailboxes: readonly Mailbox[],
): Promise<Mailbox[]> {
  const { signup, resend } = config.mailboxLimits;
  // SQL: by the length of an array, and for a whole batch of a backlog at once.
  const rows = await database.query<{ key: string }>(
    `select encode(mailbox, 'hex') as key from ${database.table('mailbox_counts')}
     where mailbox = any ($1::bytea[]) and cardinality(times) > case budget when 'signup' then $2::integer when 'resend' then $3::integer end`,
    [
      mailboxes.flatMap(({ keys }) => keys.map((key) => Buffer.from(key, 'hex'))),
      signup.minute,
      resend.minute,
    ],
  );
  const found = new Set(rows.map(({ key }) => key));
  return mailboxes.filter(
    ({ keys, emails }) => emails.length > signup.minute || keys.some((key) => found.has(key)),
  );
}

interface Counts {
  now: number;
  of(mailbox: Mailbox, budget: MailboxBudgetName): { key: string; times: number[] };
}

/** Locks them, in one order, so that two relays never wait for each other. */
async function readCounts(
  { database }: Context,
  mailboxes: readonly Mailbox[],
  transaction: Transaction,
): Promise<Counts> {
  // SQL: a Date holds milliseconds, and times are matched to the microsecond; and the clock comes in the same trip.
  const rows = await database.query<{ now: number; key: string | null; budget: string; times: number[] }>(
    `with counted as (
       select mailbox, budget, times from ${database.table('mailbox_counts')}
       where mailbox = any (array(select decode(key, 'hex') from unnest($1::text[]) key)) and budget in ('signup', 'resend')
       order by mailbox, budget for update
     )
     select ${milliseconds(database.now())} as now, encode(c.mailbox, 'hex') as key, c.budget,
       array_to_json(array(select ${milliseconds('t')} from unnest(c.times) t)) as times
     from (select) present left join counted c on true`,
    [mailboxes.flatMap(({ keys }) => keys)],
    transaction,
  );
  const found = new Map(rows.map(({ key, budget, times }) => [`${budget}:${key}`, times]));
  return {
    now: rows[0]?.now as number,
    of({ keys }, budget) {
      const key = keys.find((one) => found.has(`${budget}:${one}`)) ?? keys[0];
      return { key, times: found.get(`${budget}:${key}`) ?? [] };
    },
  };
}

function milliseconds(time: string): string {
  return `(extract(epoch from ${time}) * 1000)::double precision`;
}

interface Change {
  key: string;
  budget: MailboxBudgetName;
  counted: number[];
  emails: { id: string; time: number; held: boolean }[];
}

function reschedule({ config }: Context, mailbox: Mailbox, counts: Counts): Change[] {
  const waited = mailbox.emails.map(({ id, due, has_waited_for_domain, created_at }) => ({
    id,
    due,
    since: has_waited_for_domain ? created_at.getTime() : undefined,
  }));
  const resends = counts.of(mailbox, 'resend').times;
  return (['signup', 'resend'] as const).flatMap((budget) => {
    const emails = waited.filter((email) => budgetOf(email, resends) === budget);
    if (emails.length === 0) return [];
    const { key, times: before } = counts.of(mailbox, budget);
    const { times, counted } = rescheduled(before, emails, config.mailboxLimits[budget], counts.now);
    const given = emails.map(({ id }, index) => {
      const time = times[index] as number;
      return { id, time, held: time > counts.now };
    });
    return [{ key, budget, counted, emails: given }];
  });
}

async function writeCounts({ database }: Context, changes: readonly Change[], transaction: Transaction) {
  // SQL: arrays of times, of several rows in one statement.
  await database.query(
    `insert into ${database.table('mailbox_counts')} as c (mailbox, budget, times, expires_at)
     select decode(g.key, 'hex'), g.budget,
       array(select to_timestamp(t.time::double precision / 1000) from jsonb_array_elements_text(g.counted) with ordinality t (time, place) order by t.place),
       to_timestamp((g.counted ->> -1)::double precision / 1000) + interval '25 hours'
     from jsonb_to_recordset($1::jsonb) as g (key text, budget text, counted jsonb)
     on conflict (mailbox, budget) do update set times = excluded.times, expires_at = greatest(c.expires_at, excluded.expires_at)`,
    [JSON.stringify(changes.map(({ key, budget, counted }) => ({ key, budget, counted })))],
    transaction,
  );
}

/** Resolves with those that wait, and until when. */
async function writeTimes(
  { database }: Context,
  leaseToken: string,
  changes: readonly Change[],
  transaction: Transaction,
): Promise<Map<string, Date>> {
  const emails = changes.flatMap((change) => change.emails);
  // SQL: each by its own time, and only where the lease is still ours.
  const rows = await database.query<{ id: string; until: Date; is_held: boolean }>(
    `update ${database.table('email_outbox')} o set
       due_at = g.time,
       status = case when g.held then 'held' else o.status end,
       lease_token = case when g.held then null else o.lease_token end,
       claims = o.claims - g.held::integer,
       next_attempt_at = case when g.held then g.time else o.next_attempt_at end
     from (
       select id, to_timestamp(time / 1000) as time, held
       from unnest($1::bigint[], $2::double precision[], $3::boolean[]) as u (id, time, held)
     ) g where o.id = g.id and o.lease_token = $4
     returning o.id, g.time as until, g.held as is_held`,
    [emails.map(({ id }) => id), emails.map(({ time }) => time), emails.map(({ held }) => held), leaseToken],
    transaction,
  );
  return new Map(rows.filter(({ is_held }) => is_held).map(({ id, until }) => [id, until]));
}

function logHeld(
  { logger }: Context,
  emails: readonly ClaimedEmail[],
  held: ReadonlyMap<string, Date>,
): void {
  for (const { id, user_id, event_id } of emails) {
    const until = held.get(id)?.toISOString();
    if (until === undefined) continue;
    logger.info(
      { event: 'email.held', id: Number(id), userId: Number(user_id), eventId: event_id, until },
      'Its mailbox has had as many as it may',
    );
  }
}
