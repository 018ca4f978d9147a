import { literal, Op } from 'sequelize';
import type { Context } from '../context.js';
import { InvalidTokenError } from '../errors.js';
import { removeUnverified } from './remove-unverified.js';
import { hashToken, parseTokenValue } from './token-value.js';

/**
 * "This wasn't me": removes the unverified account that a live link was issued for, and frees its address. A verified
 * account is never touched, whoever holds one of its old links.
 *
 * @throws InvalidTokenError (`INVALID_TOKEN`), and as `removeUnverified`
 */
export async function disownAccount(context: Context, token: unknown): Promise<void> {
  const { database, models, logger } = context;
  const value = parseTokenValue(token);
  if (!value) throw new InvalidTokenError();
  const where = { token_hash: hashToken(value), expires_at: { [Op.gt]: literal(database.now()) } };
  const link = { model: models.VerificationToken, as: 'tokens', attributes: [], where };
  const userId = await removeUnverified(context, { include: [link] }, 'owner');
  if (userId === undefined) throw new InvalidTokenError();
  logger.info({ event: 'user.disowned', userId }, 'Unverified account removed by its address');
}
