import { createHmac, hash, randomUUID } from 'node:crypto';

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

/** The columns of a token that is about to be issued; `expires_at` is the database's to set. */
export interface NewToken {
  id: string;
  hash: Buffer;
}

export function newToken(secret: string): NewToken {
  const id = randomUUID();
  return { id, hash: hashToken(tokenValue(secret, id)) };
}

/** What is stored of a value, and what a value that comes in is looked up by. */
export function hashToken(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}

/**
 * The value in its one spelling, wherever it stands in the text, or null: mail programs and those who copy a link by hand
 * leave something around it (`<…>`, a full stop, the whole link), break it over two lines (quoted-printable's `=` before the
 * break), write `=` as `=3D` or `%3D`, or show it in capitals. Two different values are none.
 */
export function parseTokenValue(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const found = [...percentDecoded(text).matchAll(tokenPattern)].map(([, ...groups]) => canonical(groups));
  return new Set(found).size === 1 ? (found[0] as string) : null;
}

/** What may stand between two digits: white space, an invisible character, the `=` of a broken line. */
const gap = String.raw`[\s=\u00ad\u200b-\u200d\u2060\ufeff]*`;
const tokenPattern = new RegExp(
  String.raw`(?<![0-9a-f])(?:3d)?` +
    [digits(8), digits(4), `8${gap}${digits(3)}`, `[89ab]${gap}${digits(3)}`, digits(12)]
      .map((group) => `(${group})`)
      .join(String.raw`${gap}[-\u2010-\u2015]${gap}`) +
    '(?![0-9a-f])',
  'gi',
);

function digits(count: number): string {
  return `[0-9a-f](?:${gap}[0-9a-f]){${count - 1}}`;
}

function canonical(groups: string[]): string {
  return groups.map((group) => group.replaceAll(/[^0-9a-f]/gi, '').toLowerCase()).join('-');
}

/** Twice, for a link tracker encodes what is encoded already. A `%` that begins nothing stays. */
function percentDecoded(text: string): string {
  const decode = (encoded: string) =>
    encoded.replaceAll(/%([0-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
  return decode(decode(text));
}
