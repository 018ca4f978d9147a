import type { HasherContext } from '../context.js';
import { ServiceUnavailableError, TooManyAttemptsError } from '../errors.js';
import { maskEmailAddress } from '../logger.js';
import { canonicalEmailAddress } from '../users/email-address.js';
import { isReadableHash } from '../passwords/foreign-hashes.js';
import { type StoredHash, renewHash } from '../passwords/renew-hash.js';
import { profileColumns, publicProfile, type PublicProfile, type UserRow } from '../users/public-profile.js';
import { countAttempt, type Login, takeBackAttempt, takeBackIfStill } from './count-attempt.js';

export interface LoginOptions {
  /** Who asks: the network address, `req.ip` say. Failures are counted by mailbox and client together. */
  client: string;
}

/**
 * Whether this is the password of the account with this address: the account, or null. One that is not verified yet says
 * so (`is_verified`); a deleted or inactive one is null.
 *
 * Unknown, deleted and inactive take the same statement and the same work as known ones, at the present cost. A hash of
 * another cost or format is renewed on success. With `duplicates: 'conceal'` an unverified one counts as a failure. Beyond
 * ten failures in a quarter of an hour one client is refused for one mailbox, and nobody else is: a stranger cannot lock
 * the owner out.
 *
 * @throws TooManyAttemptsError (`RATE_LIMIT_EXCEEDED`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError
 *   (`DATABASE_ERROR`); TypeError without a client
 */
export async function checkPassword(
  context: HasherContext,
  email: string,
  password: string,
  options: LoginOptions,
): Promise<PublicProfile | null> {
  // In JavaScript it may have been left out.
  const client = (options as LoginOptions | undefined)?.client;
  if (typeof client !== 'string' || client === '') throw new TypeError('checkPassword needs a client');
  const { logger } = context;
  const hasher = context.hasher.as({ client, share: 'login' });
  hasher.requireRoom();
  const login = { ...readAddress(email), client };
  const attempt = await countAttempt<LoginRow>(context, login, account(context, 'email = $3'));
  if (!attempt.granted) {
    if (attempt.skipped === 1) {
      const masked = maskEmailAddress(login.address ?? '');
      logger.warn(
        { event: 'login.limited', email: masked, client },
        'Too many failures of one client for one mailbox',
      );
    }
    throw new TooManyAttemptsError(attempt.next_at);
  }
  const candidate = typeof password === 'string' && password.length <= 2 * longest ? password : '\0';
  try {
    return await accountOf({ ...context, hasher }, login, attempt, candidate);
  } catch (error) {
    // Nobody knows whether the password was right: it was no failure.
    if (!mayBeTakenBack(error)) throw error;
    await takeBackAttempt(context, login).catch(() => undefined);
    throw error;
  }
}

/** Code points: no password and no address is longer. */
const longest = 1000;

function readAddress(email: unknown): Pick<Login, 'mailbox' | 'address'> {
  const typed = typeof email === 'string' ? email : '';
  const canonical = canonicalEmailAddress(typed);
  return canonical.ok
    ? { mailbox: canonical.address, address: canonical.address }
    : { mailbox: typed.slice(0, longest), address: null };
}

interface LoginRow extends UserRow {
  hashed_password: string | null;
}

/**
 * The account as it is after the comparing, if the password is still its: an owner's proof or an operator may have changed
 * it meanwhile. Where another log-in renewed the hash, it is compared with that.
 */
async function accountOf(
  context: HasherContext,
  login: Login,
  found: LoginRow,
  password: string,
): Promise<PublicProfile | null> {
  const { id } = found;
  const hash = found.hashed_password ?? undefined;
  const same = await context.hasher.compare(password, hash);
  if (hash === undefined) return null;
  if (!same) {
    warnOfUnreadable(context, { id, hash });
    return null;
  }
  // A stranger may have made it, and knows its password: a success would tell that there was no account before. So it is
  // one more failure, in its count and in its work, whatever the host answers.
  if (context.config.duplicates === 'conceal' && !found.is_verified) return publicProfile(found);
  const stored = await renewHash(context, { id, hash }, password);
  const now = await takeBackIfStill<LoginRow>(context, login, account(context, 'id = $3'), {
    id,
    hash: stored,
  });
  if (!now) return null;
  return now.hashed_password === stored ? publicProfile(now) : accountOf(context, login, now, password);
}

/** Whose owner types the right password, and is told that it is wrong. */
function warnOfUnreadable({ config, logger }: HasherContext, { id, hash }: StoredHash): void {
  if (isReadableHash(config.foreignHashes, hash)) return;
  logger.warn(
    { event: 'password.not-readable', userId: Number(id) },
    'No log-in: the stored hash is of a format that neither we nor foreignHashes read',
  );
}

/** SQL: the account that may log in. */
function account({ database }: HasherContext, condition: string): string {
  return `select ${profileColumns.join(', ')}, hashed_password
     from ${database.table('users')} where ${condition} and is_active and deleted_at is null`;
}

/** A statement without an answer may have taken it back already. */
function mayBeTakenBack(error: unknown): boolean {
  return !(error instanceof ServiceUnavailableError && error.outcomeUnknown);
}
