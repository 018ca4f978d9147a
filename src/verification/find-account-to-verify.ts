import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import type { User } from '../users/user.js';
import { hashToken, parseTokenValue } from './token-value.js';

/** The account that a live link could verify; null for a link that verifies nothing (any more). @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function findAccountToVerify(
  { database, models }: Pick<Context, 'database' | 'models'>,
  token: unknown,
): Promise<User | null> {
  const value = parseTokenValue(token);
  if (!value) return null;
  const found = await models.VerificationToken.findOne({
    where: { token_hash: hashToken(value), expires_at: { [Op.gt]: literal(database.now()) } },
    include: [{ model: models.User, as: 'user', where: { is_active: true, is_verified: false } }],
  });
  return found?.user ?? null;
}
