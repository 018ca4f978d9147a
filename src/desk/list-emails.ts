import type { Context } from '../context.js';
import { ValidationError } from '../errors.js';
import { fault } from '../faults.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import {
  type EmailDetails,
  emailDetailsColumns,
  type EmailDetailsRow,
  emailsWithUsers,
  toEmailDetails,
} from './email-details.js';
import type { EmailStatus } from '../outbox/outbox-email.js';

/** Conditions add up. */
export interface EmailFilter {
  ids?: readonly number[] | undefined;
  status?: EmailStatus | undefined;
  /** Created at this time or later. */
  since?: Date | undefined;
  /** The address of the user. */
  email?: string | undefined;
  /** Only emails with a smaller id: the `next` of the page before. */
  before?: number | undefined;
  /** Default 30. */
  limit?: number | undefined;
}

export interface EmailPage {
  /** Newest first. */
  emails: EmailDetails[];
  /** `before` of the next page; null when there is none. */
  next: number | null;
}

/** @throws ValidationError, ServiceUnavailableError */
export async function listEmails({ database }: Context, filter: EmailFilter = {}): Promise<EmailPage> {
  const { ids, status, since, email, before, limit = 30 } = filter;
  const address = email === undefined ? undefined : canonicalEmailAddress(email);
  if (address && !address.ok) throw new ValidationError([fault('email', address.fault)]);
  const rows = await database.query<EmailDetailsRow>(
    `select ${emailDetailsColumns(database)} from ${emailsWithUsers(database)}
     where ($1::bigint is null or o.id < $1) and ($2::timestamptz is null or o.created_at >= $2)
       and ($3::text is null or u.email = $3) and ($4::bigint[] is null or o.id = any($4))
       and ${status ? `o.status = '${status}'` : 'true'}
     order by o.id desc limit $5`,
    [before ?? null, since?.toISOString() ?? null, address?.address ?? null, ids ?? null, limit + 1],
  );
  const emails = rows.slice(0, limit).map(toEmailDetails);
  return { emails, next: rows.length > limit ? (emails.at(-1)?.id ?? null) : null };
}
