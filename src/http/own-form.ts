import type { Config } from '../options.js';
import type { HttpRequest } from './middleware.js';

/**
 * Whether a form was sent from a page of this origin, as browsers tell (Fetch Metadata, else `Origin`). What tells neither
 * is no browser, and carries nobody's rights.
 */
export function isOwnForm({ headers }: HttpRequest, { publicUrl }: Pick<Config, 'publicUrl'>): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: by the person themselves, who loads a page again.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === headers.host || new URL(origin).origin === new URL(publicUrl).origin;
}
