import { createHmac } from 'node:crypto';
import type { Config } from '../options/options.js';

/** What is kept of an `Idempotency-Key`: nobody can read the key or the address back. */
export interface KeyHashes {
  /** Of the key alone: what it is looked up by. */
  key: Buffer;
  /** Of the key and the canonical address together: whether it came with the same one. */
  address: Buffer;
}

/** How long a key answers for its signup: the same for the API's clients and for the waiting page. */
export const keyLifetime = "interval '24 hours'";

/**
 * The hashes under the secret, then those under the previous ones: a key is found where its signup kept it.
 *
 * @param email canonical
 */
export function hashIdempotencyKeys(
  { secret, previousSecrets }: Secrets,
  key: string,
  email: string,
): [KeyHashes, ...KeyHashes[]] {
  const under = (one: string): KeyHashes => ({
    key: hashKey(one, key),
    address: keyedHash(one, 'signup-key-address:', key, '\0', email),
  });
  return [under(secret), ...previousSecrets.map(under)];
}

type Secrets = Pick<Config, 'secret' | 'previousSecrets'>;

/** The key alone, likewise. */
export function hashKeys({ secret, previousSecrets }: Secrets, key: string): Buffer[] {
  return [secret, ...previousSecrets].map((one) => hashKey(one, key));
}

function hashKey(secret: string, key: string): Buffer {
  return keyedHash(secret, 'signup-key:', key);
}

function keyedHash(secret: string, ...parts: readonly string[]): Buffer {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/**
 * The key of a header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a quoted string, or the bare text
 * that many clients send, of 16 to 255 visible ASCII characters. Null where it is none.
 */
export function parseIdempotencyKey(header: string): string | null {
  const text = header.trim();
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1];
  const key = quoted === undefined ? text : quoted.replace(/\\(["\\])/g, '$1');
  return /^[\x21-\x7e]{16,255}$/.test(key) ? key : null;
}
