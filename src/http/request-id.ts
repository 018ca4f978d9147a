import { randomUUID } from 'node:crypto';
import { type Logger, loggerOf } from '../logger.js';
import type { HttpRequest } from './http-request.js';

const ids = new WeakMap<HttpRequest, string>();

/** A context of which every line of the log carries the request's id, by which the host's own log is searched. */
export function forRequest<C extends { readonly logger: Logger }>(context: C, req: HttpRequest): C {
  const { logger } = context;
  const requestId = requestIdOf(req);
  const own = loggerOf((level) => (data, message) => logger[level]({ ...data, requestId }, message));
  return { ...context, logger: own };
}

/**
 * The host's, where it gave one: `req.id`, as pino-http and its like set it, or the `X-Request-Id` of a proxy. Anybody can
 * send that header: what does not look like an id is passed over, and none is ever more than something to search for.
 */
function requestIdOf(req: HttpRequest): string {
  const { id } = req as { id?: unknown };
  const given = typeof id === 'number' ? String(id) : (id ?? req.headers['x-request-id']);
  if (typeof given === 'string' && /^[\w.:+/=-]{1,128}$/.test(given)) return given;
  const own = ids.get(req) ?? randomUUID();
  ids.set(req, own);
  return own;
}
