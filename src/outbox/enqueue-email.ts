import { randomUUID } from 'node:crypto';
import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';
import type { EmailTemplate } from './templates.js';

export interface NewEmail {
  userId: string | number;
  template: EmailTemplate;
  /** The verification token whose link it carries; null where its template has no link. */
  tokenId: string | null;
}

/** Writes one email to the outbox. */
export async function enqueueEmail(
  { database }: Context,
  { userId, template, tokenId }: NewEmail,
  transaction: Transaction,
): Promise<void> {
  const now = database.now();
  await database.query(
    `insert into ${database.table('email_outbox')}
       (event_id, user_id, verification_token_id, template, next_attempt_at, created_at)
     values ($1, $2, $3, $4, ${now}, ${now})`,
    [randomUUID(), userId, tokenId, template],
    transaction,
  );
}
