import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { newToken } from './new-token.js';

/** Issues a verification token to a user and resolves with its id. The value is derived when its link is published. */
export async function issueToken(
  { database, config }: Context,
  userId: string | number,
  transaction: Transaction,
): Promise<string> {
  const token = newToken(config.secret);
  const now = database.now();
  await database.query(
    `insert into ${database.table('verification_tokens')} (id, user_id, token_hash, expires_at, created_at)
     values ($1, $2, $3, ${now} + $4 * interval '1 millisecond', ${now})`,
    [token.id, userId, token.hash, config.tokenTtl],
    transaction,
  );
  return token.id;
}
