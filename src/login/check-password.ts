import type { Context } from '../context.js';
import { TooManyAttemptsError } from '../errors.js';
import { describeError, maskEmailAddress } from '../logger.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import type { PasswordHasher } from '../users/password.js';
import { publicProfile, type PublicProfile, type UserRow } from '../users/public-profile.js';
import { countAttempt, takeBackAttempt } from './count-attempt.js';

export interface LoginContext extends Context {
  readonly hasher: PasswordHasher;
}

export interface LoginOptions {
  /** Who asks: the network address, `req.ip` say. Failures are counted by mailbox and client together. */
  client: string;
}

/**
 * Whether this is the password of the account with this address: the account, or null. One that is not verified yet says
 * so (`is_verified`); a deleted or inactive one is null.
 *
 * Unknown, deleted and inactive take the same statement and the same work as known ones, at the present cost. A hash of
 * another cost or format is renewed on success. Beyond ten failures in a quarter of an hour one client is refused for one
 * mailbox, and nobody else is: a stranger cannot lock the owner out.
 *
 * @throws TooManyAttemptsError (`RATE_LIMIT_EXCEEDED`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError
 *   (`DATABASE_ERROR`); TypeError without a client
 */
export async function checkPassword(
  context: LoginContext,
  email: string,
  password: string,
  { client }: LoginOptions,
): Promise<PublicProfile | null> {
  if (typeof client !== 'string' || client === '') throw new TypeError('checkPassword needs a client');
  const { hasher, logger } = context;
  const request = { client, share: 'login' } as const;
  hasher.requireRoom(client, 'login');
  const typed = typeof email === 'string' ? email : '';
  const canonical = canonicalEmailAddress(typed);
  const address = canonical.ok ? canonical.address : typed.slice(0, longest);
  const attempt = await countAttempt<LoginRow>(context, address, client, account(context));
  if (!attempt.granted) {
    if (attempt.skipped === 1) {
      logger.warn(
        { event: 'login.limited', email: maskEmailAddress(address), client },
        'Too many failures of one client for one mailbox',
      );
    }
    throw new TooManyAttemptsError(attempt.next_at);
  }
  const hash = attempt.hashed_password ?? undefined;
  const candidate = typeof password === 'string' && password.length <= 2 * longest ? password : '\0';
  if (!(await hasher.compare(candidate, hash, request)) || hash === undefined) return null;
  await takeBackAttempt(context, address, client);
  await renewHash(context, attempt, candidate, client);
  return publicProfile(attempt);
}

/** Code points: no password and no address is longer. */
const longest = 1000;

interface LoginRow extends UserRow {
  hashed_password: string | null;
}

/** SQL: the account of the address `$1` that may log in. */
function account({ database }: LoginContext): string {
  return `select id, email, full_name, speaking_language, listening_language, is_active, is_verified, created_at,
       hashed_password
     from ${database.table('users')} where email = $1 and is_active and deleted_at is null`;
}

/** Of no consequence to the person where it fails: the old hash is as good as it was. */
async function renewHash(
  { database, hasher, logger }: LoginContext,
  { id, hashed_password: old }: LoginRow,
  password: string,
  client: string,
): Promise<void> {
  if (!hasher.isOutdated(password, old as string)) return;
  try {
    const renewed = await hasher.hash(password, { client, share: 'login' });
    // Another log-in, or a change of the password, may have been faster.
    await database.query(
      `update ${database.table('users')} set hashed_password = $1, updated_at = ${database.now()}
       where id = $2 and hashed_password = $3`,
      [renewed, id, old],
    );
    logger.info({ event: 'password.rehashed', userId: Number(id) }, 'Password hash renewed');
  } catch (error) {
    logger.warn(
      { event: 'password.not-rehashed', userId: Number(id), error: describeError(error) },
      'A password hash could not be renewed',
    );
  }
}
