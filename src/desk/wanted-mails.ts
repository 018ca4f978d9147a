import type { Context } from '../context.js';
import { hashToken, parseTokenValue } from '../verification/token-value.js';
import { wanted } from './replay-filter.js';

/** A mail that was published once, as its message has it. */
export interface PublishedMail {
  eventId: string;
  userId: string;
  /** Null where the message does not say. */
  to: string | null;
  template: string | null;
  /** Null where it has none. */
  link: string | null;
  /** When it was given up, in ISO 8601. */
  failedAt: string | null;
}

/** Why nobody may write to a person: the account is away or deleted, or has another address than the mail. */
export type Unwanted = 'gone' | 'moved' | 'inactive' | 'verified';

export interface WantedMail {
  /** Null where it may still be sent. */
  unwanted: Unwanted | null;
  /** Of its email in the outbox; null where that is pruned or was published anew since. */
  emailId: number | null;
  /** Null where it has none. `unknown`: the database does not have it, or has it no longer. */
  link: 'works' | 'expired' | 'revoked' | 'unknown' | null;
  /** The same person's newest email of the same template, where that was published later. */
  newer: { id: number; publishedAt: Date } | null;
}

/**
 * Of each mail, by its event id, whether it may still be sent: the account is there, under this address, and wants such a
 * mail. Of an account that is gone for good there is nothing.
 *
 * In SQL: the condition is that of a replay from the outbox, and whether a link works is what a click would be told.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function wantedMails(
  { database }: Context,
  mails: readonly PublishedMail[],
): Promise<Map<string, WantedMail>> {
  // Anybody may write to a topic: what cannot be a row's is nobody's.
  const known = mails.filter(
    ({ userId, to, template }) => /^\d{1,18}$/.test(userId) && !`${to}${template}`.includes('\0'),
  );
  const emails = database.table('email_outbox');
  const rows = await database.query<WantedRow>(
    `select o.event_id, e.id as email_id, n.id as newer_id, n.published_at as newer_at,
       case when ${wanted} and u.email = coalesce(o.address, u.email) then null
         when u.deleted_at is not null then 'gone'
         when u.email <> o.address then 'moved'
         when not u.is_active then 'inactive'
         else 'verified' end as unwanted,
       case when o.token_hash is null then null
         when t.id is null then 'unknown'
         -- As revokeAllTokens leaves it.
         when t.expires_at <= t.created_at then 'revoked'
         when t.expires_at <= ${database.now()} then 'expired'
         else 'works' end as link
     from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::timestamptz[])
       as o (event_id, user_id, address, template, token_hash, failed_at)
     join ${database.table('users')} u on u.id = o.user_id
     left join ${emails} e on e.user_id = u.id and e.event_id::text = o.event_id
     left join ${database.table('verification_tokens')} t on t.token_hash = o.token_hash and t.user_id = u.id
     left join lateral (
       select id, published_at from ${emails}
       where user_id = u.id and template = o.template and status = 'published' and event_id::text <> o.event_id
         and published_at > coalesce(e.published_at, o.failed_at, '-infinity')
       order by published_at desc limit 1
     ) n on true`,
    [
      known.map(({ eventId }) => eventId),
      known.map(({ userId }) => userId),
      known.map(({ to }) => to),
      known.map(({ template }) => template ?? ''),
      known.map(({ link }) => (link === null ? null : hashToken(parseTokenValue(link) ?? ''))),
      known.map(({ failedAt }) => timeIn(failedAt)),
    ],
  );
  return new Map(rows.map((row) => [row.event_id, toWantedMail(row)]));
}

/** As PostgreSQL reads it; null where it is none of ours. */
function timeIn(text: string | null): string | null {
  const time = Date.parse(text ?? '');
  return time > 0 && time < Date.parse('9999') ? new Date(time).toISOString() : null;
}

interface WantedRow {
  event_id: string;
  unwanted: Unwanted | null;
  email_id: string | null;
  link: WantedMail['link'];
  newer_id: string | null;
  newer_at: Date | null;
}

function toWantedMail({ unwanted, email_id, link, newer_id, newer_at }: WantedRow): WantedMail {
  return {
    unwanted,
    emailId: email_id === null ? null : Number(email_id),
    link,
    newer: newer_id === null ? null : { id: Number(newer_id), publishedAt: newer_at as Date },
  };
}
