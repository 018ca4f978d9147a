import type { Config } from '../options/options.js';
import type { ClaimedEmail } from '../outbox/claim-emails.js';
import { hashToken, tokenValue } from './token-value.js';

/** Undefined where the link would not work: no token, a dead one, or one that none of our secrets made. */
export function verificationLink(
  { secret, previousSecrets, verificationUrl }: Config,
  email: Pick<ClaimedEmail, 'verification_token_id' | 'token_hash' | 'token_live'>,
): string | undefined {
  const { verification_token_id: id, token_hash: hash } = email;
  if (!id || !hash || !email.token_live) return undefined;
  const values = [secret, ...previousSecrets].map((one) => tokenValue(one, id));
  const token = values.find((value) => hashToken(value).equals(hash));
  if (token === undefined) return undefined;
  const separator = verificationUrl.includes('?') ? '&' : '?';
  return `${verificationUrl}${separator}token=${token}`;
}
