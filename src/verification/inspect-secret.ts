import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { hashToken, tokenValue } from './token-value.js';

/** What a link that can still be used was made with: the configured secret, a previous one, another; `unknown` without one. */
export type SecretState = 'same' | 'previous' | 'changed' | 'unknown';

/**
 * Of the newest such link, or of the oldest: where the secret was changed, that one was made before.
 *
 * @throws ServiceUnavailableError
 */
export async function inspectSecret(
  { database, models, config }: Context,
  which: 'newest' | 'oldest' = 'newest',
): Promise<SecretState> {
  const link = await models.VerificationToken.findOne({
    where: { used_at: null, expires_at: { [Op.gt]: literal(database.now()) } },
    order: [['created_at', which === 'newest' ? 'desc' : 'asc']],
  });
  if (!link) return 'unknown';
  const made = (secret: string): boolean => hashToken(tokenValue(secret, link.id)).equals(link.token_hash);
  if (made(config.secret)) return 'same';
  return config.previousSecrets.some(made) ? 'previous' : 'changed';
}
