import type { Context } from '../context.js';
import { hashToken, tokenValue } from './token-value.js';

/** Whether the newest link that can still be used was made with the configured secret; `unknown` without one. */
export type SecretState = 'same' | 'changed' | 'unknown';

/** @throws ServiceUnavailableError */
export async function inspectSecret({ database, config }: Context): Promise<SecretState> {
  const [newest] = await database.query<{ id: string; token_hash: Buffer }>(
    `select id, token_hash from ${database.table('verification_tokens')}
     where used_at is null and expires_at > ${database.now()} order by created_at desc limit 1`,
  );
  if (!newest) return 'unknown';
  return hashToken(tokenValue(config.secret, newest.id)).equals(newest.token_hash) ? 'same' : 'changed';
}
