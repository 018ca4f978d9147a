import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { hashToken, parseTokenValue } from './token-value.js';

/** An account that a live link could verify. */
export interface Provable {
  id: number;
  email: string;
  hashedPassword: string;
  fullName: string | null;
  speakingLanguage: string;
  listeningLanguage: string;
}

/** Null for a link that verifies nothing (any more). @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function findProvable(
  { database, models }: Pick<Context, 'database' | 'models'>,
  token: unknown,
): Promise<Provable | null> {
  const value = parseTokenValue(token);
  if (!value) return null;
  const found = await models.VerificationToken.findOne({
    where: { token_hash: hashToken(value), expires_at: { [Op.gt]: literal(database.now()) } },
    include: [{ model: models.User, as: 'user', where: { is_active: true, is_verified: false } }],
  });
  if (!found) return null;
  const { user } = found;
  return {
    id: user.id,
    email: user.email,
    hashedPassword: user.hashed_password,
    fullName: user.full_name,
    speakingLanguage: user.speaking_language,
    listeningLanguage: user.listening_language,
  };
}
