import { literal } from 'sequelize';
import type { Context } from '../context.js';
import { hashToken, parseTokenValue } from './token-value.js';

export type TokenState = 'live' | 'verified' | 'expired' | 'invalid';

/** What a link would do if it were used now; changes nothing. @throws ServiceUnavailableError */
export async function inspectToken({ database, models }: Context, token: unknown): Promise<TokenState> {
  const value = parseTokenValue(token);
  if (!value) return 'invalid';
  const found = await models.VerificationToken.findOne({
    where: { token_hash: hashToken(value) },
    attributes: [[literal(`expires_at <= ${database.now()}`), 'expired']],
    include: [{ model: models.User, as: 'user', where: { is_active: true } }],
  });
  if (!found) return 'invalid';
  if (found.user.is_verified) return 'verified';
  return found.get('expired') ? 'expired' : 'live';
}
