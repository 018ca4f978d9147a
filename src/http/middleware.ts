import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the routers are: fits Express 4 and 5 without needing the types of either. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** A request as Express hands it over. `body` is there where the host parsed it; `ip` can be missing. */
export interface HttpRequest extends IncomingMessage {
  body?: unknown;
  ip?: string | undefined;
  app?: { get(setting: string): unknown };
}

/** Hands each path, relative to where the router is mounted, to its endpoint; all others are the host's. */
export function router(endpoints: Readonly<Record<string, Middleware>>): Middleware {
  const byPath = new Map(Object.entries(endpoints));
  return (req, res, next) => {
    const endpoint = byPath.get(pathOf(req.url ?? '/'));
    if (endpoint) endpoint(req, res, next);
    else next();
  };
}

/**
 * As Express matches by default: letter case and one slash at the end make no difference. The origin of a request
 * target in absolute form (RFC 9112, section 3.2.2), which Express leaves in `url`, is no part of the path.
 */
function pathOf(url: string): string {
  const path = (url.split('?', 1)[0] as string).toLowerCase().replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/, '');
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path || '/';
}
