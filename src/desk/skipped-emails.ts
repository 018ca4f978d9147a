import type { Database } from '../database/database.js';
import type { EmailStatus } from '../outbox/outbox-email.js';
import { type ReplayChoice, wanted } from './replay-filter.js';

/** An email that was asked for and is left alone, and why. */
export interface SkippedEmail {
  id: number;
  reason: SkipReason;
  /** As it stands; null where there is none. */
  status: EmailStatus | null;
}

export type SkipReason =
  /** There is no such email. */
  | 'missing'
  /** The user is verified, inactive or gone. */
  | 'unwanted'
  /** A relay is publishing it. */
  | 'leased'
  /** Somebody else is replaying it. */
  | 'taken'
  /** Its status is not one that was asked for. */
  | 'other-status'
  /** It was published, and a later one of the same person and template was too, or is about to be. */
  | 'superseded'
  /** It does not have what else was asked for, or was published a moment ago. */
  | 'not-matching';

/** Without ids, the first of them. */
export const mostSkipped = 1000;

/**
 * What was asked for and will not be replayed. In SQL: the conditions are those of the replay's own statement.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function skippedEmails(
  database: Database,
  { matching, status, superseded, bind, ids }: ReplayChoice,
): Promise<SkippedEmail[]> {
  const leased = `(o.lease_token is not null and o.next_attempt_at > ${database.now()})`;
  const unwanted = `not (${wanted})`;
  const rows = await database.query<SkippedRow>(
    `select o.id, o.status, ${leased} as leased, ${unwanted} as unwanted, (${status}) as has_status, (${matching}) as matches,
       ${superseded} as superseded
     from ${database.table('email_outbox')} o join ${database.table('users')} u on u.id = o.user_id
     where ${
       ids ? 'o.id = any($1)' : `${matching} and ${status} and (${leased} or ${unwanted} or ${superseded})`
     } order by o.id ${ids ? '' : `limit ${mostSkipped}`}`,
    bind,
  );
  const found = new Map(rows.map((row) => [Number(row.id), row]));
  return (ids ?? [...found.keys()]).flatMap((id) => {
    const row = found.get(id);
    const reason = skipReason(row);
    return reason ? [{ id, reason, status: row?.status ?? null }] : [];
  });
}

interface SkippedRow {
  id: string;
  status: EmailStatus;
  leased: boolean;
  unwanted: boolean;
  has_status: boolean;
  matches: boolean;
  superseded: boolean;
}

function skipReason(row: SkippedRow | undefined): SkipReason | undefined {
  if (!row) return 'missing';
  if (row.unwanted || row.status === 'obsolete') return 'unwanted';
  if (row.leased) return 'leased';
  if (!row.has_status) return 'other-status';
  if (!row.matches) return 'not-matching';
  return row.superseded ? 'superseded' : undefined;
}
