import { randomUUID } from 'node:crypto';
import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { perTurn } from '../database/per-turn.js';
import { ServiceUnavailableError } from '../errors.js';
import type { UserRow } from '../users/public-profile.js';
import type { NewToken } from '../verification/new-token.js';
import type { NewUser } from './prepared-sign-up.js';

export interface NewSignUp {
  user: NewUser;
  token: NewToken;
}

/** Writes a signup, all of it or nothing. Undefined where the address is taken. */
export type InsertSignUp = (signUp: NewSignUp, transaction?: Transaction) => Promise<UserRow | undefined>;

/**
 * Outside a transaction, the signups of one turn of the event loop share a statement. Where that does nothing, perhaps
 * because of one of them, each is tried alone: what one person did is no other person's answer.
 */
export function createSignUpInserter(context: Context): InsertSignUp {
  const insertAlone: InsertSignUp = async (signUp, transaction) =>
    (await insertSignUps(context, [signUp], transaction)).get(signUp);

  const insertTogether = perTurn(async (signUps: readonly NewSignUp[]) => {
    try {
      return await insertSignUps(context, signUps);
    } catch (error) {
      if (signUps.length === 1 || mayHaveCommitted(error)) throw error;
      return undefined;
    }
  });

  return async (signUp, transaction) => {
    if (transaction) return insertAlone(signUp, transaction);
    const inserted = await insertTogether(signUp);
    return inserted ? inserted.get(signUp) : insertAlone(signUp);
  };
}

function mayHaveCommitted(error: unknown): boolean {
  return error instanceof ServiceUnavailableError && error.outcomeUnknown;
}

/** How long several may wait together for somebody's open transaction that holds the address of one of them. */
const lockPatience = '100ms';

/**
 * Users, their verification tokens and the outbox rows of their emails, all or nothing, in one statement: a third of the
 * round trips of three inserts, and a taken address is no row back instead of an aborted transaction. It is prepared:
 * planning it takes longer than carrying it out, and it reads nothing but what it is given, however the tables grow.
 */
async function insertSignUps(
  { database, config }: Context,
  signUps: readonly NewSignUp[],
  transaction?: Transaction,
): Promise<ReadonlyMap<NewSignUp, UserRow>> {
  // Of two with one address the first is written: to the other the address is taken.
  const byEmail = new Map(signUps.toReversed().map((signUp) => [signUp.user.email, signUp]));
  const written = [...byEmail.values()];
  const users = written.map(({ user }) => user);
  const now = database.now();
  const rows = await database.queryPrepared<UserRow>(
    // In the order of their addresses: two statements that meet in two of them wait for each other in one way only.
    `with given as (
       select g.* from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::bytea[], $8::uuid[])
         as g (email, hashed_password, full_name, speaking_language, listening_language, token_id, token_hash, event_id)
         ${written.length > 1 ? `, set_config('lock_timeout', '${lockPatience}', true)` : ''}
     ), new_user as (
       insert into ${database.table('users')}
         (email, hashed_password, full_name, speaking_language, listening_language, created_at, updated_at)
       select email, hashed_password, full_name, speaking_language, listening_language, ${now}, ${now}
       from given order by email
       on conflict (email) do nothing
       returning id, email, full_name, speaking_language, listening_language, is_active, is_verified, created_at
     ), new_token as (
       insert into ${database.table('verification_tokens')} (id, user_id, token_hash, expires_at, created_at)
       select g.token_id, u.id, g.token_hash, ${now} + $9 * interval '1 millisecond', ${now}
       from new_user u join given g using (email)
     ), new_email as (
       insert into ${database.table('email_outbox')}
         (event_id, user_id, verification_token_id, template, next_attempt_at, created_at)
       select g.event_id, u.id, g.token_id, 'verification', ${now}, ${now}
       from new_user u join given g using (email)
     )
     select * from new_user`,
    [
      users.map(({ email }) => email),
      users.map(({ hashedPassword }) => hashedPassword),
      users.map(({ fullName }) => fullName),
      users.map(({ speakingLanguage }) => speakingLanguage),
      users.map(({ listeningLanguage }) => listeningLanguage),
      written.map(({ token }) => token.id),
      written.map(({ token }) => token.hash),
      written.map(() => randomUUID()),
      config.tokenTtl,
    ],
    transaction,
  );
  return new Map(rows.map((row) => [byEmail.get(row.email) as NewSignUp, row]));
}
