import { randomUUID } from 'node:crypto';
import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import type { UserRow } from '../users/public-profile.js';
import type { NewToken } from '../verification/new-token.js';
import type { NewUser } from './prepared-sign-up.js';

export interface NewSignUp {
  user: NewUser;
  token: NewToken;
}

/**
 * Writes the user, its verification token and the outbox row of its email, all or nothing, in one statement: a third of
 * the round trips of three inserts, and a taken address is no row back instead of an aborted transaction.
 *
 * @returns undefined where the address is taken
 * @throws ServiceUnavailableError, DatabaseError
 */
export async function insertSignUp(
  { database, config }: Pick<Context, 'database' | 'config'>,
  { user, token }: NewSignUp,
  transaction?: Transaction,
): Promise<UserRow | undefined> {
  const now = database.now();
  const [row] = await database.query<UserRow>(
    `with new_user as (
       insert into ${database.table('users')}
         (email, hashed_password, full_name, speaking_language, listening_language, created_at, updated_at)
       values ($1, $2, $3, $4, $5, ${now}, ${now})
       on conflict (email) do nothing
       returning id, email, full_name, speaking_language, listening_language, is_active, is_verified, created_at
     ), new_token as (
       insert into ${database.table('verification_tokens')} (id, user_id, token_hash, expires_at, created_at)
       select $6::uuid, id, $7::bytea, ${now} + $8 * interval '1 millisecond', ${now} from new_user
     ), new_email as (
       insert into ${database.table('email_outbox')}
         (event_id, user_id, verification_token_id, template, next_attempt_at, created_at)
       select $9::uuid, id, $6::uuid, 'verification', ${now}, ${now} from new_user
     )
     select * from new_user`,
    [
      user.email,
      user.hashedPassword,
      user.fullName,
      user.speakingLanguage,
      user.listeningLanguage,
      token.id,
      token.hash,
      config.tokenTtl,
      randomUUID(),
    ],
    transaction,
  );
  return row;
}
