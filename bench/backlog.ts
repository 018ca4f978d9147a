import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { mailboxKey } from '../src/limits/mailbox-budget.js';
import { hashToken, tokenValue } from '../src/verification/token-value.js';
import { benchInstance, secret } from './instance.js';

/** Signups that are committed and wait for a relay: users, live tokens, pending emails and mailbox counts, as signing up writes them. */
export async function makeBacklog(database: string, count: number): Promise<void> {
  const migrating = benchInstance({ database });
  await migrating.migrate();
  await migrating.stop();
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query(
    'truncate users, verification_tokens, email_outbox, mailbox_counts restart identity cascade',
  );
  for (let from = 0; from < count; from += 10_000) {
    await writeSignUps(client, from, Math.min(10_000, count - from));
  }
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  await client.end();
}

/** What so many signups write, in two statements: each with a number from here on in its address. */
export async function writeSignUps(client: pg.Client, from: number, count: number): Promise<void> {
  const tokens = Array.from({ length: count }, () => randomUUID());
  await client.query(
    `with given as (
       select t.id, t.hash, $3::integer + row_number() over () as number
       from unnest($1::uuid[], $2::bytea[]) as t (id, hash)
     ), u as (
       insert into users (email, hashed_password, full_name, speaking_language, listening_language)
       select 'user' || number || '@example.com', '$2b$12$' || repeat('x', 53), 'Ada Lovelace', 'en', 'fr-CA' from given
       returning id, email
     ), owned as (
       select g.*, u.id as user_id from given g join u on u.email = 'user' || g.number || '@example.com'
     ), t as (
       insert into verification_tokens (id, user_id, token_hash, expires_at)
       select id, user_id, hash, now() + interval '1 day' from owned
     )
     insert into email_outbox (event_id, user_id, verification_token_id, template)
     select gen_random_uuid(), user_id, id, 'verification' from owned order by user_id`,
    [tokens, tokens.map((id) => hashToken(tokenValue(secret, id))), from],
  );
  const mailboxes = tokens.map((_, index) => mailboxKey(secret, `user${from + index + 1}@example.com`));
  await client.query(
    `insert into mailbox_counts (mailbox, budget, times, expires_at)
     select mailbox, 'signup', array[now()], now() + interval '25 hours' from unnest($1::bytea[]) mailbox`,
    [mailboxes],
  );
}
