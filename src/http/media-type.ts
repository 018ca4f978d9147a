import type { IncomingMessage } from 'node:http';
import { qualitiesIn } from './http-request.js';
import { UnsupportedMediaTypeError } from './request-errors.js';

export type BodyType = 'json' | 'form';

const bodyTypes = new Map<string | undefined, BodyType>([
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
]);

/** What a request's body claims to be; undefined for anything that no route of ours reads. */
export function bodyTypeOf(req: IncomingMessage): BodyType | undefined {
  return bodyTypes.get(req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase());
}

/** @throws UnsupportedMediaTypeError for another type or charset than the route reads */
export function requireBodyType(req: IncomingMessage, accepted: readonly BodyType[]): BodyType {
  const type = bodyTypeOf(req);
  if (!type || !accepted.includes(type)) {
    throw new UnsupportedMediaTypeError('Send the body as JSON, with the content type application/json.');
  }
  const charsets = (req.headers['content-type'] ?? '').matchAll(/;\s*charset\s*=\s*("[^"]*"|[^;]*)/gi);
  for (const [, charset = ''] of charsets) {
    if (!/^"?utf-?8"?$/i.test(charset.trim())) throw notUtf8();
  }
  return type;
}

export function notUtf8(): UnsupportedMediaTypeError {
  return new UnsupportedMediaTypeError('The request body must be text in UTF-8.');
}

/**
 * Whether an Accept header asks for JSON by name and likes nothing better: a wildcard does not, and a tie with HTML is
 * a browser's (RFC 9110, section 12.5.1).
 */
export function prefersJson(accept: string | undefined): boolean {
  const qualities = new Map<string, number>();
  for (const { value, quality } of qualitiesIn((accept ?? '').toLowerCase())) {
    qualities.set(value, Math.max(qualities.get(value) ?? 0, quality));
  }
  const json = qualities.get('application/json') ?? 0;
  const pages = ['text/html', 'application/xhtml+xml', 'text/*'].map((type) => qualities.get(type) ?? 0);
  return json > 0 && json > Math.max(...pages) && json >= (qualities.get('*/*') ?? 0);
}
