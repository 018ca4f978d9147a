import type { Context } from '../context.js';
import { type Account, type AccountReference, findAccount } from './account.js';
import {
  type EmailDetails,
  emailDetailsColumns,
  type EmailDetailsRow,
  emailsWithUsers,
  toEmailDetails,
} from './email-details.js';

/** How many emails and links of one person are worth reading. */
const most = 20;

/** A verification link that was issued, without the link. */
export interface IssuedLink {
  issuedAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}

/** All that is known of why somebody did or did not get their mail. */
export interface AccountHistory {
  /** By the database's clock. */
  now: Date;
  /** Null where there is no such account, not even a deleted one. */
  account: Account | null;
  /** Newest first. */
  emails: EmailDetails[];
  /** Newest first. */
  links: IssuedLink[];
  /** When any email of anybody was published last: whether a relay is at work. Read off the newest thousand. */
  lastPublishedAt: Date | null;
  /** Emails of anybody that are due and wait for a relay. */
  due: number;
}

/** @throws ValidationError, ServiceUnavailableError */
export async function readAccountHistory(
  { database }: Context,
  reference: AccountReference,
): Promise<AccountHistory> {
  const account = await findAccount(database, reference);
  const now = database.now();
  const outbox = database.table('email_outbox');
  const [queue] = await database.query<{ now: Date; last_published_at: Date | null; due: string }>(
    `select ${now} as now,
       (select max(published_at) from (select published_at from ${outbox} order by id desc limit 1000) o)
         as last_published_at,
       (select count(*) from ${outbox} where status = 'pending' and next_attempt_at <= ${now}) as due`,
  );
  const emails = await database.query<EmailDetailsRow>(
    `select ${emailDetailsColumns(database)} from ${emailsWithUsers(database)}
     where o.user_id = $1 order by o.id desc limit ${most}`,
    [account?.id ?? 0],
  );
  const links = await database.query<{ created_at: Date; expires_at: Date; used_at: Date | null }>(
    `select created_at, expires_at, used_at from ${database.table('verification_tokens')}
     where user_id = $1 order by created_at desc limit ${most}`,
    [account?.id ?? 0],
  );
  return {
    now: queue?.now as Date,
    account,
    emails: emails.map(toEmailDetails),
    links: links.map(({ created_at, expires_at, used_at }) => ({
      issuedAt: created_at,
      expiresAt: expires_at,
      usedAt: used_at,
    })),
    lastPublishedAt: queue?.last_published_at ?? null,
    due: Number(queue?.due),
  };
}
