import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { mailboxKeys, reserveSignUp } from '../limits/mailbox-budget.js';
import { profileColumns, type UserRow } from '../users/public-profile.js';
import type { NewToken } from '../verification/token-value.js';
import { givenFor, writeEmail } from './write-email.js';
import type { KeyHashes } from './idempotency-key.js';
import type { NewUser } from './prepare-sign-up.js';

type InsertContext = Pick<Context, 'database' | 'config'>;

export interface NewSignUp {
  user: NewUser;
  token: NewToken;
  /** Kept with it, so that it can be asked for again. */
  key?: KeyHashes | undefined;
}

export interface InsertedUser extends UserRow {
  /** Its email waits until its mailbox may get more. */
  held: boolean;
}

/**
 * Writes the user, its verification token, the outbox row of its email and its place in the mailbox's budget, all or
 * nothing.
 *
 * In SQL: one statement has a quarter of the round trips of four, and of a taken address no row comes back, where an
 * insert alone would abort the transaction.
 *
 * @returns undefined where the address is taken
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function insertSignUp(
  context: InsertContext,
  signUp: NewSignUp,
  transaction?: Transaction,
): Promise<InsertedUser | undefined> {
  const { given, written } = writeEmail(context);
  const [row] = await context.database.query<InsertedUser>(
    `with ${given}, ${newUser(context, signUp)}, recipient as (
       select id, is_verified from new_user
     ), place as (
       ${reserveSignUp(context, '$6', 'cross join new_user')}
     ), ${written}${keptKey(context, signUp, 'from new_user')}
     select new_user.*, place.due_at > ${context.database.now()} as held from new_user, place`,
    bindsOf(context, signUp),
    transaction,
    { keepsPlan: true },
  );
  return row;
}

/** What became of a signup that tells nobody. */
export interface ConcealedSignUp {
  /** Null where the address was taken. */
  user_id: string | null;
  held: boolean;
}

/**
 * The same where nobody may learn whether the address is taken: one statement for a new and a known address, which holds
 * and counts in the mailbox's row first. The owner of a known address gets the email, an unverified one with a link. No
 * more than one email waits longer than a day for one account.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function insertConcealedSignUp(
  context: InsertContext,
  signUp: NewSignUp,
  transaction?: Transaction,
): Promise<ConcealedSignUp> {
  const { database } = context;
  const now = database.now();
  const { given, written } = writeEmail(context);
  const known = `select from ${database.table('users')} where email = $1`;
  // A conflict waits for whoever changes the account, where a new address waits for nobody. Where nobody does it is let
  // come to one, which takes a number as a new account does: two of a stranger's own would tell that none went between.
  const unlessHeld = `where not exists (${known}) or exists (${known} for no key update skip locked)`;
  const [row] = await database.query<ConcealedSignUp>(
    `with ${given}, place as (
       ${reserveSignUp(context, '$6', '')}
     ), ${newUser(context, signUp, unlessHeld)}, wanted as (
       select u.id from ${database.table('users')} u, place p
       where u.email = $1 and u.is_active and u.deleted_at is null
         and (p.due_at <= ${now} + interval '1 day' or not exists (
           select from ${database.table('email_outbox')} o where o.user_id = u.id and o.status = 'held'
         ))
     ), owner as (
       select u.id, u.is_verified from ${database.table('users')} u where u.id = (select id from wanted)
       -- Whoever holds this row would make a known address wait, and no other: a relay writes its email.
       for key share skip locked
     ), asked as (
       insert into ${database.table('email_requests')} (user_id, tells_verified, due_at, created_at)
       select w.id, true, p.due_at, ${now} from wanted w, place p where not exists (select from owner)
     ), recipient as (
       select id, is_verified from new_user union all select id, is_verified from owner
     ), ${written}${keptKey(context, signUp, 'from place left join new_user on true')}
     select (select id from new_user) as user_id, p.due_at > ${now} as held from place p`,
    bindsOf(context, signUp),
    transaction,
    { keepsPlan: true },
  );
  return row as ConcealedSignUp;
}

function newUser({ database }: InsertContext, { user }: NewSignUp, where = ''): string {
  const now = database.now();
  const columns = columnsOf(user).map(([column]) => column);
  const values = columns.map((_, index) => `$${firstColumn + index}`);
  const accepted = user.terms_version === undefined ? undefined : 'terms_accepted_at';
  return `new_user as (
       insert into ${database.table('users')}
         (email, ${columns.join(', ')}, created_at, updated_at${accepted ? `, ${accepted}` : ''})
       select $1, ${values.join(', ')}, ${now}, ${now}${accepted ? `, ${now}` : ''}
       ${where}
       on conflict (email) do nothing
       returning ${profileColumns.join(', ')}
     )`;
}

/** A further CTE, where there is a key. One that is there already is an error: the caller looks what it stands for. */
function keptKey({ database }: InsertContext, { key, user }: NewSignUp, source: string): string {
  if (!key) return '';
  const first = firstColumn + columnsOf(user).length;
  return `, new_key as (
       insert into ${database.table('signup_keys')} (key_hash, address_hash, user_id, created_at)
       select $${first}::bytea, $${first + 1}::bytea, new_user.id, ${database.now()} ${source}
     )`;
}

/** The number of the first of `columnsOf`'s parameters. */
const firstColumn = 7;

/** The address apart, which the statements name. */
function columnsOf(user: NewUser): [column: string, value: unknown][] {
  return Object.entries(user).filter(([column, value]) => column !== 'email' && value !== undefined);
}

function bindsOf(context: InsertContext, { user, token, key }: NewSignUp): unknown[] {
  return [
    user.email,
    ...givenFor(context, token),
    mailboxKeys(context.config, user.email),
    ...columnsOf(user).map(([, value]) => value),
    ...(key ? [key.key, key.address] : []),
  ];
}
