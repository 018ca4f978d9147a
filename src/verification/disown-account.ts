import type { Context } from '../context.js';
import { heldAccount } from '../database/database-error.js';
import { InvalidTokenError } from '../errors.js';
import { hashToken, parseTokenValue } from './token-value.js';

/**
 * "This wasn't me": removes the unverified account that a live link was issued for, and frees its address. A verified
 * account is never touched, whoever holds one of its old links.
 *
 * @throws InvalidTokenError (`INVALID_TOKEN`), AccountHeldError (`ACCOUNT_HELD`) where rows of the host's refer to it,
 *   ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function disownAccount({ database, logger }: Context, token: unknown): Promise<void> {
  const value = parseTokenValue(token);
  if (!value) throw new InvalidTokenError();
  const removed = await removeUnverified(database, hashToken(value));
  if (!removed) throw new InvalidTokenError();
  logger.info(
    { event: 'user.disowned', userId: Number(removed.id) },
    'Unverified account removed by its address',
  );
}

async function removeUnverified(
  database: Context['database'],
  tokenHash: Buffer,
): Promise<{ id: string } | undefined> {
  const removing = database.query<{ id: string }>(
    `delete from ${database.table('users')} u using ${database.table('verification_tokens')} t
     where t.token_hash = $1 and t.user_id = u.id and t.expires_at > ${database.now()}
       and not u.is_verified and u.is_active and u.deleted_at is null
     returning u.id`,
    [tokenHash],
  );
  const [removed] = await removing.catch((error: unknown) => {
    throw heldAccount(error);
  });
  return removed;
}
