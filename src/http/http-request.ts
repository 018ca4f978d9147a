import type { IncomingMessage, ServerResponse } from 'node:http';
import { networkOf } from '../network-of.js';
import type { Config } from '../options/options.js';

/** One handler of a route: fits Express 4 and 5 without needing the types of either. */
export type Middleware = (req: HttpRequest, res: ServerResponse, next: (error?: unknown) => void) => void;

/** A request as Express hands it over. `body` is there where the host parsed it; `ip` can be missing. */
export interface HttpRequest extends IncomingMessage {
  body?: unknown;
  ip?: string | undefined;
  app?: { get(setting: string): unknown };
}

/** From the URL itself: the host's `query parser` setting may be anything. */
export function queryOf({ url = '' }: HttpRequest): URLSearchParams {
  return new URLSearchParams(url.split('?').slice(1).join('?'));
}

/** What a client is counted by. Respects the host's `trust proxy`, through `req.ip`. */
export function clientKey({ ip, socket }: HttpRequest): string {
  // No address (a Unix socket) or no valid one (a proxy that forwards nonsense): all of those share one budget.
  return networkOf(ip ?? socket.remoteAddress ?? '') ?? 'unknown';
}

/**
 * Whether a form was sent from a page of this origin, as browsers tell (Fetch Metadata, else `Origin`). What tells neither
 * is no browser, and carries nobody's rights.
 */
export function isOwnForm(
  { headers }: HttpRequest,
  { publicUrl, verificationUrl }: Pick<Config, 'publicUrl' | 'verificationUrl'>,
): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: by the person themselves, who loads a page again.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  // A proxy may have put another `Host` in the place of these.
  return (
    from.host === headers.host ||
    [publicUrl, verificationUrl].some((url) => new URL(url).origin === from.origin)
  );
}

/**
 * The parts of an `Accept` header or its like, each with its quality; 0 for one that cannot be read. Of a thousand characters:
 * hostile headers are long.
 */
export function qualitiesIn(header: string): { value: string; quality: number }[] {
  return header
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const q = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2) ?? '1';
      return { value, quality: /^(0|1|[01]?\.\d+)$/.test(q) ? Number(q) : 0 };
    });
}
