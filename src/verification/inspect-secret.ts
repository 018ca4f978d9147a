import type { Context } from '../context.js';
import { hashToken, tokenValue } from './token-value.js';

/** What the newest link that can still be used was made with: the configured secret, a previous one, another; `unknown` without one. */
export type SecretState = 'same' | 'previous' | 'changed' | 'unknown';

/** @throws ServiceUnavailableError */
export async function inspectSecret({ database, config }: Context): Promise<SecretState> {
  const [newest] = await database.query<{ id: string; token_hash: Buffer }>(
    `select id, token_hash from ${database.table('verification_tokens')}
     where used_at is null and expires_at > ${database.now()} order by created_at desc limit 1`,
  );
  if (!newest) return 'unknown';
  const made = (secret: string): boolean =>
    hashToken(tokenValue(secret, newest.id)).equals(newest.token_hash);
  if (made(config.secret)) return 'same';
  return config.previousSecrets.some(made) ? 'previous' : 'changed';
}
