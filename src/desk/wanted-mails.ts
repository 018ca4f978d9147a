import type { Context } from '../context.js';
import { wanted } from './replay-filter.js';

/** A mail that was published once, as its message has it. */
export interface PublishedMail {
  eventId: string;
  userId: string;
  /** Null where the message does not say. */
  to: string | null;
  template: string | null;
}

/**
 * Those that may still be sent: the account is there, under this address, and wants such a mail. Resolves with the id of
 * each one's email in the outbox by its event id, null where that is pruned or was published anew since.
 *
 * In SQL: the condition is that of a replay from the outbox.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function wantedMails(
  { database }: Context,
  mails: readonly PublishedMail[],
): Promise<Map<string, number | null>> {
  // Anybody may write to a topic: what cannot be a row's is nobody's.
  const known = mails.filter(
    ({ userId, to, template }) => /^\d{1,18}$/.test(userId) && !`${to}${template}`.includes('\0'),
  );
  const rows = await database.query<{ event_id: string; email_id: string | null }>(
    `select o.event_id, e.id as email_id
     from unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) as o (event_id, user_id, address, template)
     join ${database.table('users')} u on u.id = o.user_id and u.email = coalesce(o.address, u.email)
     left join ${database.table('email_outbox')} e on e.user_id = u.id and e.event_id::text = o.event_id
     where ${wanted}`,
    [
      known.map(({ eventId }) => eventId),
      known.map(({ userId }) => userId),
      known.map(({ to }) => to),
      known.map(({ template }) => template ?? ''),
    ],
  );
  return new Map(
    rows.map(({ event_id, email_id }) => [event_id, email_id === null ? null : Number(email_id)]),
  );
}
