import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { newToken } from '../verification/token-value.js';
import type { ClaimedEmail } from '../outbox/claim-emails.js';

/**
 * Gives emails whose link would not work (the token expired, or the secret was changed) a fresh token and, since the
 * content changes, a new event id; only where the lease is still ours. Resolves with the emails as they are now, without
 * those whose account somebody holds (a job of a host's, a hook while it is removed): a token would wait for them, and all
 * others with it.
 */
export async function reissueLinks(
  { database, config }: Context,
  leaseToken: string,
  emails: readonly ClaimedEmail[],
): Promise<ClaimedEmail[]> {
  const fresh = emails.map((email) => ({ email, token: newToken(config.secret), eventId: randomUUID() }));
  const now = database.now();
  // SQL: tokens and emails of a whole batch in one statement.
  const reissued = await database.query<{ id: string; expires_at: Date }>(
    `with fresh as (
       select * from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::uuid[]) as f (id, token_id, token_hash, event_id)
     ), free as (
       -- First, and as the foreign key of the tokens will: it then waits for nobody.
       select id from ${database.table('users')} where id = any ($7::bigint[]) for key share skip locked
     ), updated as (
       update ${database.table('email_outbox')} o
       set verification_token_id = f.token_id, event_id = f.event_id
       from fresh f where o.id = f.id and o.lease_token = $5 and o.user_id in (select id from free)
       returning o.id, o.user_id, f.token_id, f.token_hash
     ), issued as (
       insert into ${database.table('verification_tokens')} (id, user_id, token_hash, expires_at, created_at)
       select token_id, user_id, token_hash, ${now} + $6 * interval '1 millisecond', ${now} from updated
       returning id, expires_at
     )
     select u.id, i.expires_at from updated u join issued i on i.id = u.token_id`,
    [
      fresh.map(({ email }) => email.id),
      fresh.map(({ token }) => token.id),
      fresh.map(({ token }) => token.hash),
      fresh.map(({ eventId }) => eventId),
      leaseToken,
      config.tokenTtl,
      emails.map(({ user_id }) => user_id),
    ],
  );
  const ours = new Map(reissued.map(({ id, expires_at }) => [id, expires_at]));
  return fresh
    .filter(({ email }) => ours.has(email.id))
    .map(({ email, token, eventId }) => ({
      ...email,
      event_id: eventId,
      verification_token_id: token.id,
      token_hash: token.hash,
      token_live: true,
      token_expires_at: ours.get(email.id) as Date,
    }));
}
