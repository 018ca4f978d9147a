import type { HttpRequest } from '../middleware.js';

/** From the URL itself: the host's `query parser` setting may be anything. */
export function queryOf({ url = '' }: HttpRequest): URLSearchParams {
  return new URLSearchParams(url.split('?').slice(1).join('?'));
}
