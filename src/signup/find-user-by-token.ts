import type { Context } from '../context.js';
import { withDeadline } from '../deadline.js';
import type { User } from '../users/user.js';

/**
 * Whether a commit whose answer was lost took place: looks for the token that only it can have written. A blind retry
 * would answer 409 to the person who just signed up. Undefined where it did not.
 *
 * @param patience milliseconds
 * @throws where the database cannot say, or not in time
 */
export async function findUserByToken(
  { models }: Pick<Context, 'models'>,
  tokenId: string,
  patience: number,
): Promise<User | undefined> {
  const lookup = models.VerificationToken.findOne({
    where: { id: tokenId },
    include: [{ model: models.User, as: 'user', paranoid: false }],
  });
  const token = await withDeadline(lookup, patience, 'looking for the signup');
  return token?.get('user') as User | undefined;
}
