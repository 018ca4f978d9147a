import { pick } from '../pick.js';
import type { Context } from '../context.js';
import { readResends, type Resends } from '../limits/mailbox-budget.js';
import { type Pause, currentPause } from '../outbox/relay-pause.js';
import type { User } from '../users/user.js';
import type { VerificationToken } from '../verification/verification-token.js';
import { type AccountReference, findAccount, whereAccount } from './account.js';
import { type EmailDetails, toEmailDetails, withUser } from './email-details.js';

/** How many emails and links of one person are worth reading. */
const most = 20;

/** A verification link that was issued, without the link. */
export type IssuedLink = Pick<VerificationToken, (typeof linkColumns)[number]>;

const linkColumns = ['created_at', 'expires_at', 'used_at'] as const;

/** All that is known of why somebody did or did not get their mail. */
export interface AccountHistory {
  /** By the database's clock. */
  now: Date;
  /** Null where there is no such account, not even a deleted one. Without the password's hash. */
  account: User | null;
  /** Newest first. */
  emails: EmailDetails[];
  /** Newest first. */
  links: IssuedLink[];
  /** When any email of anybody was published last: whether a relay is at work. Read off the newest thousand. */
  lastPublishedAt: Date | null;
  /** Emails of anybody that are due and wait for a relay. */
  due: number;
  /** An operator holds up every relay. */
  pause: Pause | null;
  /** When an email was asked for again that no relay has written yet. */
  requestedAt: Date | null;
  /** Of the mailbox, whether or not it has an account. */
  resends: Resends;
}

/** @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function readAccountHistory(
  context: Context,
  reference: AccountReference,
): Promise<AccountHistory> {
  const { models } = context;
  const account = await findAccount(context, reference);
  const newest = { where: { user_id: account?.id ?? 0 }, limit: most };
  const emails = await models.OutboxEmail.findAll({
    ...newest,
    ...withUser(context),
    order: [['id', 'desc']],
  });
  const links = await models.VerificationToken.findAll({
    ...newest,
    attributes: [...linkColumns],
    order: [['created_at', 'desc']],
  });
  const request =
    account && (await models.EmailRequest.findOne({ where: { user_id: account.id }, order: ['id'] }));
  const asked = account ?? whereAccount(reference);
  return {
    ...(await readQueue(context)),
    pause: await currentPause(context),
    account,
    requestedAt: request?.created_at ?? null,
    resends: await readResends(context, 'email' in asked ? asked.email : ''),
    emails: emails.map(toEmailDetails),
    links: links.map((link) => pick(link, linkColumns)),
  };
}

/** In SQL: three facts of one moment, the clock among them. */
async function readQueue({
  database,
}: Context): Promise<Pick<AccountHistory, 'now' | 'lastPublishedAt' | 'due'>> {
  const now = database.now();
  const outbox = database.table('email_outbox');
  const [queue] = await database.query<{ now: Date; last_published_at: Date | null; due: string }>(
    `select ${now} as now,
       (select max(published_at) from (select published_at from ${outbox} order by id desc limit 1000) o)
         as last_published_at,
       (select count(*) from ${outbox} where status = 'pending' and next_attempt_at <= ${now}) as due`,
  );
  return {
    now: queue?.now as Date,
    lastPublishedAt: queue?.last_published_at ?? null,
    due: Number(queue?.due),
  };
}
