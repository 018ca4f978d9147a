import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { verificationLink } from '../verification/verification-link.js';
import {
  type EmailDetails,
  emailDetailsColumns,
  type EmailDetailsRow,
  emailsWithUsers,
  toEmailDetails,
} from './email-details.js';

export interface ShownEmail extends EmailDetails {
  /** As its message has it; null where it would not work or another secret made it. */
  link: string | null;
  /** It would verify the account now. */
  linkWorks: boolean;
  linkExpiresAt: Date | null;
}

/** One email with its link. @throws NotFoundError, ServiceUnavailableError */
export async function showEmail({ database, config }: Context, id: number): Promise<ShownEmail> {
  const [row] = await database.query<EmailDetailsRow & LinkRow>(
    `select ${emailDetailsColumns(database)}, o.verification_token_id, t.token_hash, t.expires_at,
       t.expires_at > ${database.now()} and not u.is_verified and u.is_active and u.deleted_at is null as token_live
     from ${emailsWithUsers(database)}
     left join ${database.table('verification_tokens')} t on t.id = o.verification_token_id
     where o.id = $1`,
    [id],
  );
  if (!row) throw new NotFoundError(`There is no email ${id}. It may have been pruned.`);
  return {
    ...toEmailDetails(row),
    link: verificationLink(config, row) ?? null,
    linkWorks: row.token_live === true,
    linkExpiresAt: row.expires_at,
  };
}

interface LinkRow {
  verification_token_id: string | null;
  token_hash: Buffer | null;
  token_live: boolean | null;
  expires_at: Date | null;
}
