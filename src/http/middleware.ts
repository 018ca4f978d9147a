import type { IncomingMessage, ServerResponse } from 'node:http';

/** One handler of a route: fits Express 4 and 5 without needing the types of either. */
export type Middleware = (req: HttpRequest, res: ServerResponse, next: (error?: unknown) => void) => void;

/** A request as Express hands it over. `body` is there where the host parsed it; `ip` can be missing. */
export interface HttpRequest extends IncomingMessage {
  body?: unknown;
  ip?: string | undefined;
  app?: { get(setting: string): unknown };
}
