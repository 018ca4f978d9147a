import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context, RelayContext } from '../context.js';
import { describeError, maskEmailAddress } from '../logger.js';
import { newToken, type NewToken } from './token-value.js';

type WriteContext = Pick<Context, 'database' | 'config'>;

/**
 * SQL of three CTEs, `given` first: an email to whoever stands in the CTE `recipient` (`id`, `is_verified`), due at the
 * `due_at` of the CTE `place`. An unverified one gets a verification link of their own, a verified one a word that they
 * have an account. Due later than now it is `held`.
 *
 * @param first the number of its first parameter: they are the four of `givenFor`
 */
export function writeEmail({ database }: WriteContext, first: number): { given: string; written: string } {
  const now = database.now();
  return {
    given: `given as (
       select $${first}::uuid as token_id, $${first + 1}::bytea as token_hash,
         $${first + 2}::double precision as token_ttl, $${first + 3}::uuid as event_id
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
export function givenFor({ config }: WriteContext, token: NewToken = newToken(config.secret)): unknown[] {
  return [token.id, token.hash, config.tokenTtl, randomUUID()];
}

/** An email that a statement passed over because somebody held the account's row. */
export interface PassedOver {
  email: string;
  /** As text of PostgreSQL's. */
  dueAt: string;
  /** Whether a verified owner is written to as well. */
  tellsVerified: boolean;
}

/** Milliseconds between the tries: half a minute in all. */
const tries = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * Writes it once the row is free again, and wakes the relay. Nobody waits for it: an answer that waited would tell that
 * there is an account, and so would a connection that waits while others are looked for. A process that ends meanwhile
 * takes it along; the person can ask again.
 */
export async function writePassedOver(context: RelayContext, passedOver: PassedOver): Promise<void> {
  const { logger, relay } = context;
  const email = maskEmailAddress(passedOver.email);
  try {
    for (const pause of tries) {
      await delay(pause, undefined, { ref: false });
      if (await wasWritten(context, passedOver)) return relay.wake();
    }
    logger.warn({ event: 'email.passed-over', email }, 'An account stayed locked: its email was not written');
  } catch (error) {
    logger.warn(
      { event: 'email.passed-over', email, error: describeError(error) },
      'An account was locked, and its email was not written later',
    );
  }
}

/** Also where there is nobody to write to any more. */
async function wasWritten(
  context: WriteContext,
  { email, dueAt, tellsVerified }: PassedOver,
): Promise<boolean> {
  const { database } = context;
  const { given, written } = writeEmail(context, 4);
  // SQL: token and email in one statement, that of a resend.
  const [row] = await database.query<{ is_locked: boolean }>(
    `with ${given}, wanted as (
       select id from ${database.table('users')}
       where email = $1 and is_active and deleted_at is null and (not is_verified or $2)
     ), recipient as (
       select id, is_verified from ${database.table('users')} where id = (select id from wanted)
       for key share skip locked
     ), place as (
       select $3::timestamptz as due_at
     ), ${written}
     select exists (select from wanted) and not exists (select from recipient) as is_locked`,
    [email, tellsVerified, dueAt, ...givenFor(context)],
  );
  return row?.is_locked !== true;
}
