import type { Context } from '../context.js';
import { hashToken, parseTokenValue } from './token-value.js';

export type TokenState = 'live' | 'verified' | 'expired' | 'invalid';

/** What a link would do if it were used now; changes nothing. @throws ServiceUnavailableError */
export async function inspectToken({ database }: Context, token: unknown): Promise<TokenState> {
  const value = parseTokenValue(token);
  if (!value) return 'invalid';
  const [found] = await database.query<{ is_verified: boolean; expired: boolean }>(
    `select u.is_verified, t.expires_at <= ${database.now()} as expired
     from ${database.table('verification_tokens')} t
     join ${database.table('users')} u on u.id = t.user_id
     where t.token_hash = $1 and u.is_active and u.deleted_at is null`,
    [hashToken(value)],
  );
  if (!found) return 'invalid';
  if (found.is_verified) return 'verified';
  return found.expired ? 'expired' : 'live';
}
