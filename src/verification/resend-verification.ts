import type { Context, RelayContext } from '../context.js';
import { InvalidTokenError } from '../errors.js';
import { maskEmailAddress } from '../logger.js';
import { mailboxKeys, spendResend } from '../outbox/mailbox-budget.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { hashToken, parseTokenValue } from './token-value.js';
import { givenFor, writeEmail, writePassedOver } from './write-email.js';

/** Whose verification email is asked for again: an address, or the holder of an expired link. */
export type ResendRequest = { email: string } | { token: string };

/**
 * Enqueues a fresh verification email, by default one a minute and five a day per mailbox. Known and unknown, verified,
 * deleted, inactive or malformed: the statements, what they lock and what they count are the same, so that nobody learns
 * who has an account, neither from the answer nor from its time.
 *
 * @throws InvalidTokenError (`INVALID_TOKEN`) of a token that is none by its form, ServiceUnavailableError
 *   (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function resendVerification(context: RelayContext, request: ResendRequest): Promise<void> {
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
  if (resend.is_passed_over) {
    void writePassedOver(context, { email: address as string, dueAt: resend.due_at, tellsVerified: false });
  }
}

/** The address to write to, if there is one, and what to count by if there is none. */
async function whoseEmail(
  { models }: Context,
  request: ResendRequest,
): Promise<{ address: string | null; counted: string }> {
  if ('email' in request) {
    const email = canonicalEmailAddress(request.email);
    return email.ok
      ? { address: email.address, counted: email.address }
      : { address: null, counted: request.email };
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
  /** Null where nobody was written to. */
  user_id: string | null;
  is_passed_over: boolean;
  due_at: string;
}

/** One statement: counts in the mailbox's row, and writes token and email where there is somebody to write to. */
async function writeResend(context: Context, address: string | null, mailboxes: Buffer[]): Promise<Resend> {
  const { database } = context;
  const users = database.table('users');
  const { given, written } = writeEmail(context, 3);
  const [row] = await database.query<Resend>(
    `with ${given}, budget as (
       ${spendResend(context, '$2')}
     ), wanted as (
       select u.id from ${users} u, budget b
       where b.granted and u.email = $1 and u.is_active and u.deleted_at is null and not u.is_verified
     ), recipient as (
       select u.id, u.is_verified from ${users} u where u.id = (select id from wanted)
       -- Whoever holds this row would make a known address wait, and no other.
       for key share skip locked
     ), place as (
       select ${database.now()} as due_at
     ), ${written}
     select b.granted, b.next_at, p.due_at::text as due_at, (select id from recipient) as user_id,
       exists (select from wanted) and not exists (select from recipient) as is_passed_over
     from budget b, place p`,
    [address, mailboxes, ...givenFor(context)],
  );
  return row as Resend;
}
