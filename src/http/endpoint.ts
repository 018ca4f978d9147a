import type { ServerResponse } from 'node:http';
import type { Internals } from '../fluentmeet.js';
import { errorReply, reportError } from './error-reply.js';
import type { HttpRequest, Middleware } from './http-request.js';
import { type Reply, sendReply } from './reply.js';
import { forRequest } from './request-id.js';
import { ClientGoneError, MethodNotAllowedError } from './request-errors.js';

/** Makes the answer to one request, or throws what the error table names. The context is the request's own. */
type Handler = (context: Internals, req: HttpRequest, res: ServerResponse) => Promise<Reply>;

/**
 * One route: its methods, 405 and OPTIONS for the others, and its errors, which never reach the host. A CORS preflight
 * does: whether another origin may come is for the host to say, before these routes or after them.
 */
export function endpoint(
  context: Internals,
  route: string,
  methods: Readonly<Partial<Record<'GET' | 'HEAD' | 'POST', Handler>>>,
): Middleware {
  const handlers = new Map<string | undefined, Handler>(Object.entries(methods));
  const allow = [...handlers.keys(), 'OPTIONS'].join(', ');

  async function replyTo(req: HttpRequest, res: ServerResponse): Promise<Reply> {
    const own = forRequest(context, req);
    try {
      if (req.method === 'OPTIONS') return { status: 204, headers: { Allow: allow }, empty: true };
      const handler = handlers.get(req.method);
      if (!handler) throw new MethodNotAllowedError(allow);
      return await handler(own, req, res);
    } catch (error) {
      reportError(own.logger, route, error);
      if (error instanceof ClientGoneError) res.destroy();
      return errorReply(error);
    }
  }

  async function answer(...[req, res, next]: Parameters<Middleware>): Promise<void> {
    try {
      sendReply(res, await replyTo(req, res));
    } catch (error) {
      // What the host put in our way: its logger, a patched response.
      next(error);
    }
  }

  return (req, res, next) => {
    if (isPreflight(req)) return next();
    expose(res, ['Retry-After', 'RateLimit', 'RateLimit-Policy']);
    void answer(req, res, next);
  };
}

function isPreflight({ method, headers }: HttpRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** To scripts of other origins, beside what the host exposes: they see no other headers, with cors() or without. */
function expose(res: ServerResponse, names: readonly string[]): void {
  const header = 'Access-Control-Expose-Headers';
  res.setHeader(header, [res.getHeader(header) ?? [], names].flat().join(', '));
}
