import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import type { NewToken } from '../verification/token-value.js';

type WriteContext = Pick<Context, 'database' | 'config'>;

/**
 * SQL of three CTEs, `given` first: an email to whoever stands in the CTE `recipient` (`id`, `is_verified`), due at the
 * `due_at` of the CTE `place`. An unverified one gets a verification link of their own, a verified one a word that they
 * have an account. Due later than now it is `held`.
 *
 * Its parameters are the four of `givenFor`, from $2 to $5.
 */
export function writeEmail({ database }: WriteContext): { given: string; written: string } {
  const now = database.now();
  return {
    given: `given as (
       select $2::uuid as token_id, $3::bytea as token_hash, $4::double precision as token_ttl,
         $5::uuid as event_id
     )`,
    written: `new_token as (
       insert into ${database.table('verification_tokens')} (id, user_id, token_hash, expires_at, created_at)
       select g.token_id, r.id, g.token_hash, ${now} + g.token_ttl * interval '1 millisecond', ${now}
       from recipient r, given g where not r.is_verified
     ), new_email as (
       insert into ${database.table('email_outbox')}
         (event_id, user_id, verification_token_id, template, status, next_attempt_at, due_at, created_at)
       select g.event_id, r.id, case when not r.is_verified then g.token_id end,
         case when r.is_verified then 'account-exists' else 'verification' end,
         case when p.due_at > ${now} then 'held' else 'pending' end, p.due_at,
         case when p.due_at > ${now} then p.due_at end, ${now}
       from recipient r, given g, place p
     )`,
  };
}

/** The parameters of `writeEmail`. */
export function givenFor({ config }: WriteContext, token: NewToken): unknown[] {
  return [token.id, token.hash, config.tokenTtl, randomUUID()];
}
