import type { Context } from '../context.js';
import { InvalidTokenError } from '../errors.js';
import { maskEmailAddress } from '../logger.js';
import { mailboxKeys, spendResend } from '../limits/mailbox-budget.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { hashToken, parseTokenValue } from './token-value.js';

/** Whose verification email is asked for again: an address, or the holder of an expired link. */
export type ResendRequest = { email: string } | { token: string };

/**
 * Asks the relay for a fresh verification email, by default one a minute and five a day per mailbox. Known and unknown, verified,
 * deleted, inactive or malformed: the statements, what they lock and what they count are the same, so that nobody learns
 * who has an account, neither from the answer nor from its time.
 *
 * @throws InvalidTokenError (`INVALID_TOKEN`) of a token that is none by its form, ServiceUnavailableError
 *   (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function resendVerification(context: Context, request: ResendRequest): Promise<void> {
  const { config, logger } = context;
  const { address, counted } = await whoseEmail(context, request);
  const resend = await writeResend(context, address, mailboxKeys(config, counted));
  if (!resend.granted) {
    logger.info(
      {
        event: 'verification.resend-skipped',
        email: maskEmailAddress(address ?? ''),
        nextAt: resend.next_at.toISOString(),
      },
      'No email: the mailbox has had as many as it may',
    );
    return;
  }
  logger.info(
    resend.user_id === null
      ? { event: 'verification.resend-for-nobody', email: maskEmailAddress(address ?? '') }
      : { event: 'verification.resent', userId: Number(resend.user_id) },
    'A verification email was asked for again',
  );
  // The relay is not woken: its work, on this very event loop, would tell whoever asks now that there is an email to send.
}

/** The address to write to, if there is one, and what to count by if there is none. */
async function whoseEmail(
  { models }: Context,
  request: ResendRequest,
): Promise<{ address: string | null; counted: string }> {
  if ('email' in request) {
    // Of a body that nobody looked at: what is no text is nobody's address.
    const typed = typeof request.email === 'string' ? request.email : '';
    const email = canonicalEmailAddress(typed);
    return email.ok ? { address: email.address, counted: email.address } : { address: null, counted: typed };
  }
  const value = parseTokenValue(request.token);
  // Nobody's, as whoever sent it could see: nothing to conceal.
  if (!value) throw new InvalidTokenError();
  const found = await models.VerificationToken.findOne({
    attributes: ['id'],
    where: { token_hash: hashToken(value) },
    include: [{ model: models.User, as: 'user', attributes: ['email'], paranoid: false }],
  });
  return { address: found?.user.email ?? null, counted: found?.user.email ?? `token:${value}` };
}

interface Resend {
  granted: boolean;
  next_at: Date;
  /** Null where nobody is written to. */
  user_id: string | null;
}

/** Counts in the mailbox's row, and leaves a request to the relay, for nobody as for somebody. */
async function writeResend(
  { database, config }: Context,
  address: string | null,
  mailboxes: Buffer[],
): Promise<Resend> {
  const now = database.now();
  // SQL: one statement, which takes as long for an address that is unknown.
  const [row] = await database.query<Resend>(
    `with budget as (
       ${spendResend({ database, config }, '$2')}
     ), request as (
       insert into ${database.table('email_requests')} (user_id, due_at, created_at)
       select (
         select id from ${database.table('users')}
         where email = $1 and is_active and deleted_at is null and not is_verified
       ), ${now}, ${now}
       from budget where granted
       returning user_id
     )
     select granted, next_at, (select user_id from request) as user_id from budget`,
    [address, mailboxes],
  );
  return row as Resend;
}
