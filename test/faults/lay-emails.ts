import { randomUUID } from 'node:crypto';

import { newToken } from '../../src/verification/token-value.js';
import { connectHarness } from './connect.js';
import { secret } from './stage.js';

/** Users whose emails are all due, in the rows that so many signups would have left. */
export async function layEmails(url: string, count: number): Promise<void> {
  const tokens = Array.from({ length: count }, () => newToken(secret));
  const client = await connectHarness(url);
  try {
    await client.query(
      `with laid as (
         select * from unnest($1::text[], $2::uuid[], $3::bytea[], $4::uuid[]) as l (email, token_id, token_hash, event_id)
       ), new_users as (
         insert into users (email, hashed_password) select email, 'none' from laid returning id, email
       ), new_tokens as (
         insert into verification_tokens (id, user_id, token_hash, expires_at)
         select token_id, id, token_hash, now() + interval '1 day' from new_users join laid using (email)
       )
       insert into email_outbox (event_id, user_id, verification_token_id, template)
       select event_id, id, token_id, 'verification' from new_users join laid using (email)`,
      [
        tokens.map((_, index) => `laid-${index}@example.com`),
        tokens.map(({ id }) => id),
        tokens.map(({ hash }) => hash),
        tokens.map(() => randomUUID()),
      ],
    );
  } finally {
    await client.end();
  }
}
