import { createHmac, hash } from 'node:crypto';

/**
 * The value of a verification token: a UUID, version 8 (RFC 9562, section 5.8), derived from the row's id by
 * HMAC-SHA-256 with the configured secret. It stands nowhere in the database and can be built again whenever the link
 * is published.
 */
export function tokenValue(secret: string, tokenId: string): string {
  const bytes = createHmac('sha256', secret).update('verification-token:').update(tokenId).digest();
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** What is stored of a value, and what a value that comes in is looked up by. */
export function hashToken(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}

/** The value in its one spelling, or null where it cannot be one of ours. */
export function parseTokenValue(text: unknown): string | null {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
  return typeof text === 'string' && pattern.test(text) ? text.toLowerCase() : null;
}
