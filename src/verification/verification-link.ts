import type { Config } from '../options.js';
import { hashToken, tokenValue } from './token-value.js';

/** Undefined where the link would not work: no token, a dead one, or one that another secret made. */
export function verificationLink(
  { secret, verificationUrl }: Config,
  email: LinkedEmail,
): string | undefined {
  if (!email.verification_token_id || !email.token_hash || !email.token_live) return undefined;
  const token = tokenValue(secret, email.verification_token_id);
  if (!hashToken(token).equals(email.token_hash)) return undefined;
  const separator = verificationUrl.includes('?') ? '&' : '?';
  return `${verificationUrl}${separator}token=${token}`;
}

/** An email of the outbox with what is stored of its token. */
export interface LinkedEmail {
  verification_token_id: string | null;
  token_hash: Buffer | null;
  /** Whether the token outlives the message's way to its reader. */
  token_live: boolean | null;
}
