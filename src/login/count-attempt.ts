import { createHmac } from 'node:crypto';
import type { Context } from '../context.js';
import { networkOf } from '../network-of.js';
import { countInUse, mailboxKeys } from '../limits/mailbox-budget.js';
import type { StoredHash } from '../passwords/renew-hash.js';

/** Failures within `within` that one client may have for one mailbox. */
const failures = 10;
const within = "interval '15 minutes'";

interface Attempt {
  /** False beyond the limit. */
  granted: boolean;
  /** Attempts beyond it, in a row. */
  skipped: number;
  /** When the next one is possible, if this one was not. */
  next_at: Date;
}

/** Somebody wants to log in. */
export interface Login {
  /** What the attempt is counted by, with the client: the address in canonical form, or whatever was typed. */
  mailbox: string;
  /** The address in canonical form; null for what is none, which is asked for all the same. */
  address: string | null;
  client: string;
}

/**
 * Counts one attempt as a failure, and reads what the query finds of the address, in one statement for a known and an
 * unknown address alike. Counted before the password is compared, so that many at once get no more than one by one.
 *
 * In SQL: the count and its limit are one upsert, and a round trip counts.
 *
 * @param query SQL of one row at most, whose `$3` is the address
 */
export async function countAttempt<Row extends object>(
  context: CountContext,
  login: Login,
  query: string,
): Promise<Attempt & Row> {
  const { database } = context;
  const now = database.now();
  const [row] = await database.query<Attempt & Row>(
    `with attempt as (
       insert into ${database.table('mailbox_counts')} as c (mailbox, budget, times, expires_at)
       select key.mailbox, key.budget, array[${now}], ${now} + ${within} from (${inUse(context)}) key
       on conflict (mailbox, budget) do update set (times, granted, skipped, expires_at) = (
         select case when possible then (c.times || ${now})[cardinality(c.times) + 2 - ${failures}:] else c.times end,
           possible, case when possible then 0 else c.skipped + 1 end, ${now} + ${within}
         from (select coalesce(${nextPossible('c.times')} <= ${now}, true) as possible) request
       )
       returning granted, skipped, ${nextPossible('times')} as next_at
     )
     select attempt.*, found.* from attempt left join (${query}) found on true`,
    [...keysOf(context, login), login.address],
  );
  return row as Attempt & Row;
}

/** It was no failure. @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`) */
export async function takeBackAttempt(context: CountContext, login: Login): Promise<void> {
  // SQL: the same as the statement below has within it, so that both take back alike.
  await context.database.query(takenBack(context), keysOf(context, login));
}

/**
 * The account as it is now, read in the statement that takes the attempt back, which it does only if the hash is still
 * this one.
 *
 * @param query SQL of one row at most with its `hashed_password`, whose `$3` is the id
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function takeBackIfStill<Row extends object>(
  context: CountContext,
  login: Login,
  query: string,
  { id, hash }: StoredHash,
): Promise<Row | undefined> {
  // SQL: reads, and takes back only where the hash is still this one, in one trip.
  const [found] = await context.database.query<Row>(
    `with found as (${query}), taken as (
       ${takenBack(context)} and exists (select from found where hashed_password = $4)
     )
     select * from found`,
    [...keysOf(context, login), id, hash],
  );
  return found;
}

/** By shortening the array in place: its newest time. */
function takenBack(context: CountContext): string {
  return `update ${context.database.table('mailbox_counts')} set times = times[:cardinality(times) - 1]
     where (mailbox, budget) = (${inUse(context)})`;
}

type CountContext = Pick<Context, 'config' | 'database'>;

/** SQL of one row: what the attempts of this mailbox and client are counted by. */
function inUse(context: CountContext): string {
  return countInUse(context, '$1', (place) => `($2::text[])[${place}]`);
}

/** `$1` and `$2` of `inUse`: under the present secret, then under the previous ones. */
function keysOf({ config }: CountContext, { mailbox, client }: Login): [Buffer[], string[]] {
  const secrets = [config.secret, ...config.previousSecrets];
  return [mailboxKeys(config, mailbox), secrets.map((secret) => budgetOf(secret, client))];
}

function nextPossible(times: string): string {
  return `${times}[cardinality(${times}) + 1 - ${failures}] + ${within}`;
}

/** Nobody can read the client back. */
function budgetOf(secret: string, client: string): `login:${string}` {
  const hash = createHmac('sha256', secret)
    .update('login-client:')
    .update(networkOf(client) ?? client);
  return `login:${hash.digest('hex').slice(0, 32)}`;
}
