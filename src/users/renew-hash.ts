import type { Context } from '../context.js';
import { describeError } from '../logger.js';
import type { HashRequest, PasswordHasher } from './password.js';

/** The hash that a password was compared with. */
export interface StoredHash {
  id: string | number;
  hash: string;
}

/**
 * Puts a hash of today in the place of one of another cost or format, for a password that was found right. Resolves with the
 * hash that is stored from now on. Of no consequence to the person where it fails: the old one is as good as it was.
 */
export async function renewHash(
  { database, hasher, logger }: Pick<Context, 'database' | 'logger'> & { readonly hasher: PasswordHasher },
  { id, hash: old }: StoredHash,
  password: string,
  request?: HashRequest,
): Promise<string> {
  if (!hasher.isOutdated(password, old)) return old;
  try {
    const hash = await hasher.hash(password, request);
    // SQL: another log-in, or a change of the password, may have been faster.
    const renewed = await database.query(
      `update ${database.table('users')} set hashed_password = $1, updated_at = ${database.now()}
       where id = $2 and hashed_password = $3 returning id`,
      [hash, id, old],
    );
    if (renewed.length === 0) return old;
    logger.info({ event: 'password.rehashed', userId: Number(id) }, 'Password hash renewed');
    return hash;
  } catch (error) {
    logger.warn(
      { event: 'password.not-rehashed', userId: Number(id), error: describeError(error) },
      'A password hash could not be renewed',
    );
    return old;
  }
}
