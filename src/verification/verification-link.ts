import type { Config } from '../options.js';
import { hashToken, tokenValue } from './token-value.js';

/** Undefined where the link would not work: no token, a dead one, or one that none of our secrets made. */
export function verificationLink(
  { secret, previousSecrets, verificationUrl }: Config,
  email: LinkedEmail,
): string | undefined {
  const { verification_token_id: id, token_hash: hash } = email;
  if (!id || !hash || !email.token_live) return undefined;
  const values = [secret, ...previousSecrets].map((one) => tokenValue(one, id));
  const token = values.find((value) => hashToken(value).equals(hash));
  if (token === undefined) return undefined;
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
