import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { hashToken, tokenValue } from './token-value.js';

/** What the newest link that can still be used was made with: the configured secret, a previous one, another; `unknown` without one. */
export type SecretState = 'same' | 'previous' | 'changed' | 'unknown';

/** @throws ServiceUnavailableError */
export async function inspectSecret({ database, models, config }: Context): Promise<SecretState> {
  const newest = await models.VerificationToken.findOne({
    where: { used_at: null, expires_at: { [Op.gt]: literal(database.now()) } },
    order: [['created_at', 'desc']],
  });
  if (!newest) return 'unknown';
  const made = (secret: string): boolean =>
    hashToken(tokenValue(secret, newest.id)).equals(newest.token_hash);
  if (made(config.secret)) return 'same';
  return config.previousSecrets.some(made) ? 'previous' : 'changed';
}
