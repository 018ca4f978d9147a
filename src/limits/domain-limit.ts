import { createHmac } from 'node:crypto';
import type { Context } from '../context.js';
import { domainOf } from '../domain-of.js';
import { Column, DataType, Model, Table } from '../database/model.js';
import { type Batch, type ClaimedEmail, isObsolete } from '../outbox/claim-emails.js';

/** Up to where the hours are full of emails to one domain. Those of hours that are over are of no more use. */
@Table({ tableName: 'domain_counts', timestamps: false })
export class DomainCount extends Model {
  /** A keyed hash of the domain: the table tells nobody who was written to. */
  @Column({ type: DataType.BLOB, primaryKey: true })
  declare domain: Buffer;

  /** The last hour in which places are taken; every one from the present one to it is full. */
  @Column({ type: DataType.DATE, allowNull: false })
  declare hour: Date;

  /** How many places of that hour are taken. */
  @Column({ type: DataType.INTEGER, allowNull: false })
  declare count: number;
}

/**
 * Keeps a claimed batch within `domainLimit`: each email that is to go takes a place in the present hour of its
 * domain or, where that is full, in the first hour that is not; there it is `held` until that begins. What
 * has a place keeps it, however often it is claimed, until its hour is over. Resolves with those that may be published.
 *
 * Relays share the counts: a domain's row is locked for the length of this statement, which no signup ever waits for.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function withinDomainLimit(context: Context, batch: Batch): Promise<Batch> {
  const { domainLimit } = context.config;
  if (!domainLimit) return batch;
  // A verified owner's `account-exists` too: else what is left of an hour would tell a neighbour whose address is known.
  const counted = batch.emails.filter(
    (email) => !isObsolete(email) && !domainLimit.except.includes(domainOf(email.email)),
  );
  if (counted.length === 0) return batch;
  const held = await takePlaces(context, batch.leaseToken, counted, domainLimit.perHour);
  logHeld(context, counted, held);
  return { ...batch, emails: batch.emails.filter(({ id }) => !held.has(id)) };
}

interface Held {
  id: string;
  until: Date;
  /** It is the one with which the hour became too full. */
  is_first: boolean;
}

async function takePlaces(
  { database, config }: Context,
  leaseToken: string,
  emails: readonly ClaimedEmail[],
  perHour: number,
): Promise<Map<string, Held>> {
  const domains = emails.map(({ email }) => domainOf(email));
  const keys = keysOf(config, new Set(domains));
  // The same hours for every session, whatever its time zone.
  const hour = `date_trunc('hour', ${database.now()}, 'UTC')`;
  const hours = (places: string): string => `((${places}) / $4::integer) * interval '1 hour'`;
  /** Taken by this row, from the beginning of the present hour. */
  const places = (row: string): string =>
    `((extract(epoch from ${row}.hour - ${hour}) / 3600)::integer * $4::integer + ${row}.count)`;
  // SQL: counts a whole batch, and writes what comes of it, in one statement.
  const rows = await database.query<Held>(
    `with in_use as (
       -- After a change of the secret a domain is counted where it was before, until the hours taken there are over.
       select distinct on (k.present) k.present, c.domain
       from unnest($5::bytea[], $6::bytea[]) with ordinality as k (present, domain, place)
       join ${database.table('domain_counts')} c on c.domain = k.domain and c.hour >= ${hour}
       order by k.present, k.place
     ), given as (
       select g.id, coalesce(u.domain, g.domain) as domain
       from unnest($1::bigint[], $2::bytea[]) as g (id, domain) left join in_use u on u.present = g.domain
     ), asking as (
       select g.id, g.domain, row_number() over (partition by g.domain order by g.id)::integer as turn,
         count(*) over (partition by g.domain)::integer as places
       -- The limit 1 as in the claim: else every join to come is planned for one row.
       from given g cross join lateral (
         select from ${database.table('email_outbox')}
         where id = g.id and lease_token = $3 and (domain_hour is null or domain_hour < ${hour}) limit 1
       ) o
     ), asked as (
       select domain, max(places) as places from asking group by domain
     ), counted as (
       insert into ${database.table('domain_counts')} as c (domain, hour, count)
       select domain, ${hour} + ${hours('places - 1')}, (places - 1) % $4::integer + 1
       -- In one order, so that two relays never wait for each other.
       from asked order by domain
       on conflict (domain) do update set (hour, count) = (
         select s.hour + ${hours('s.taken - 1')}, (s.taken - 1) % $4::integer + 1
         from (
           select greatest(c.hour, ${hour}) as hour,
             -- A limit that was lowered begins where the old one stands. What is asked for was written as from nothing.
             case when c.hour < ${hour} then 0 else least(c.count, $4::integer) end + ${places('excluded')} as taken
         ) s
       )
       returning domain, hour, count
     ), placed as (
       -- Counted from the beginning of the present hour.
       select a.id, ${places('c')} - a.places + a.turn as place from asking a join counted c on c.domain = a.domain
     ), written as (
       update ${database.table('email_outbox')} o set
         domain_hour = ${hour} + ${hours('p.place - 1')},
         status = case when p.place > $4::integer then 'held' else o.status end,
         lease_token = case when p.place > $4::integer then null else o.lease_token end,
         claims = o.claims - (p.place > $4::integer)::integer,
         -- In the order of their places.
         next_attempt_at = case when p.place > $4::integer then ${dueAt(hour, hours)} else o.next_attempt_at end,
         due_at = case when p.place > $4::integer then ${dueAt(hour, hours)} else o.due_at end
       from placed p where o.id = p.id
       returning o.id, o.status, o.next_attempt_at as until, p.place = $4::integer + 1 as is_first
     )
     select id, until, is_first from written where status = 'held'`,
    [
      emails.map(({ id }) => id),
      domains.map((domain) => keyOf(config.secret, domain)),
      leaseToken,
      perHour,
      keys.map(({ present }) => present),
      keys.map(({ key }) => key),
    ],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function keyOf(secret: string, domain: string): Buffer {
  return createHmac('sha256', secret).update(`domain:${domain}`).digest();
}

/** Of each domain the key under every secret, the present one first, beside that. */
function keysOf(
  { secret, previousSecrets }: Context['config'],
  domains: ReadonlySet<string>,
): { present: Buffer; key: Buffer }[] {
  return [...domains].flatMap((domain) => {
    const present = keyOf(secret, domain);
    return [present, ...previousSecrets.map((one) => keyOf(one, domain))].map((key) => ({ present, key }));
  });
}

function dueAt(hour: string, hours: (places: string) => string): string {
  return `${hour} + ${hours('p.place - 1')} + ((p.place - 1) % $4::integer) * interval '1 microsecond'`;
}

function logHeld(
  { logger }: Context,
  emails: readonly ClaimedEmail[],
  held: ReadonlyMap<string, Held>,
): void {
  for (const { id, user_id, event_id, email } of emails) {
    const one = held.get(id);
    if (!one) continue;
    const until = one.until.toISOString();
    if (one.is_first) {
      logger.warn(
        { event: 'domain.limit-reached', domain: domainOf(email) },
        'A domain has had as many emails as it may this hour: further ones wait',
      );
    }
    logger.info(
      { event: 'email.held', id: Number(id), userId: Number(user_id), eventId: event_id, until },
      'Its domain has had as many as it may',
    );
  }
}
