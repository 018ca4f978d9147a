import { literal } from 'sequelize';
import type { HasherContext } from '../context.js';
import { describeError } from '../logger.js';

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
  { models, database, hasher, logger }: Pick<HasherContext, 'models' | 'database' | 'logger' | 'hasher'>,
  { id, hash: old }: StoredHash,
  password: string,
): Promise<string> {
  if (!hasher.isOutdated(password, old)) return old;
  try {
    const hash = await hasher.hash(password);
    const set = { hashed_password: hash, updated_at: literal(database.now()) };
    // Another log-in, or a change of the password, may have been faster.
    const where = { id, hashed_password: old };
    const [renewed] = await models.User.update(set, { where, silent: true });
    if (renewed === 0) return old;
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
