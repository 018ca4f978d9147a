import type { Context } from '../context.js';
import { canonicalEmailAddress } from './email-address.js';
import type { User } from './user.js';

/**
 * The account with this address, in any spelling of it, or null. Not a deleted one, whose address stays taken all the
 * same (`isEmailTaken`).
 *
 * @throws ServiceUnavailableError, DatabaseError
 */
export async function findUserByEmail(
  { models }: Pick<Context, 'models'>,
  email: string,
): Promise<User | null> {
  // An object from a request's query would be an operator in `where`.
  if (typeof email !== 'string') return null;
  const canonical = canonicalEmailAddress(email);
  if (!canonical.ok) return null;
  return models.User.findOne({ where: { email: canonical.address } });
}
