import { randomUUID } from 'node:crypto';
import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import { newToken } from '../verification/new-token.js';
import type { EmailTemplate } from './outbox-email.js';

/** Writes one email to the outbox, with a fresh token where its template carries a link. */
export async function enqueueEmail(
  { database, config }: Context,
  userId: string | number,
  template: EmailTemplate,
  transaction: Transaction,
): Promise<void> {
  const now = database.now();
  const token = template === 'verification' ? newToken(config.secret) : null;
  if (token) {
    await database.query(
      `insert into ${database.table('verification_tokens')} (id, user_id, token_hash, expires_at, created_at)
       values ($1, $2, $3, ${now} + $4 * interval '1 millisecond', ${now})`,
      [token.id, userId, token.hash, config.tokenTtl],
      transaction,
    );
  }
  await database.query(
    `insert into ${database.table('email_outbox')}
       (event_id, user_id, verification_token_id, template, next_attempt_at, created_at)
     values ($1, $2, $3, $4, ${now}, ${now})`,
    [randomUUID(), userId, token?.id ?? null, template],
    transaction,
  );
}
