import type { ServerResponse } from 'node:http';
import type { Logger } from '../logger.js';
import { errorReply, reportError } from './error-reply.js';
import type { HttpRequest, Middleware } from './http-request.js';
import { type Reply, sendReply } from './reply.js';
import { forRequest } from './request-id.js';
import { ClientGoneError, MethodNotAllowedError } from './request-errors.js';

/** Makes the answer to one request, or throws what the error table names. The context is the request's own. */
type Handler<C> = (context: C, req: HttpRequest, res: ServerResponse) => Promise<Reply>;

type Methods<C> = Readonly<Partial<Record<'GET' | 'HEAD' | 'POST', Handler<C>>>>;

/**
 * One route: its methods, 405 and OPTIONS for the others, and its errors, which never reach the host. A CORS preflight
 * does: whether another origin may come is for the host to say, before these routes or after them.
 *
 * @param errorReplyFor shapes the answer to an error, where JSON is not always right
 */
export function endpoint<C extends { readonly logger: Logger }>(
  context: C,
  route: string,
  methods: Methods<C>,
  errorReplyFor: (error: unknown, req: HttpRequest) => Reply = errorReply,
): Middleware {
  const handlers = new Map<string | undefined, Handler<C>>(Object.entries(methods));
  const allow = [...handlers.keys(), 'OPTIONS'].join(', ');

  async function answer(...[req, res, next]: Parameters<Middleware>): Promise<void> {
    const own = forRequest(context, req);
    try {
      sendReply(res, await replyTo(own, req, res).catch((error: unknown) => failed(own, error, req, res)));
    } catch (error) {
      // What the host put in our way: its logger, a patched response.
      next(error);
    }
  }

  function failed({ logger }: C, error: unknown, req: HttpRequest, res: ServerResponse): Reply {
    reportError(logger, route, error);
    if (error instanceof ClientGoneError) res.destroy();
    return errorReplyFor(error, req);
  }

  async function replyTo(own: C, req: HttpRequest, res: ServerResponse): Promise<Reply> {
    if (req.method === 'OPTIONS') return { status: 204, headers: { Allow: allow }, empty: true };
    const handler = handlers.get(req.method);
    if (!handler) throw new MethodNotAllowedError(allow);
    return handler(own, req, res);
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
