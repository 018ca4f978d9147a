import type { ServerResponse } from 'node:http';
import type { Logger } from '../logger.js';
import { errorReply } from './error-reply.js';
import type { HttpRequest, Middleware } from './middleware.js';
import { type Reply, sendReply } from './reply.js';
import { reportError } from './report-error.js';
import { ClientGoneError, MethodNotAllowedError } from './request-errors.js';

/** Makes the answer to one request, or throws what the error table names. */
type Handler = (req: HttpRequest, res: ServerResponse) => Promise<Reply>;

type Methods = Readonly<Partial<Record<'GET' | 'HEAD' | 'POST', Handler>>>;

/**
 * One route: its methods, 405 and OPTIONS for the others, and its errors, which never reach the host.
 *
 * @param errorReplyFor shapes the answer to an error, where JSON is not always right
 */
export function endpoint(
  { logger }: { readonly logger: Logger },
  route: string,
  methods: Methods,
  errorReplyFor: (error: unknown, req: HttpRequest) => Reply = errorReply,
): Middleware {
  const handlers = new Map<string | undefined, Handler>(Object.entries(methods));
  const allow = [...handlers.keys(), 'OPTIONS'].join(', ');

  async function answer(req: HttpRequest, res: ServerResponse): Promise<void> {
    try {
      sendReply(res, await replyTo(req, res));
    } catch (error) {
      reportError(logger, route, error);
      if (error instanceof ClientGoneError) res.destroy();
      else sendReply(res, errorReplyFor(error, req));
    }
  }

  async function replyTo(req: HttpRequest, res: ServerResponse): Promise<Reply> {
    if (req.method === 'OPTIONS') return { status: 204, headers: { Allow: allow }, empty: true };
    const handler = handlers.get(req.method);
    if (!handler) throw new MethodNotAllowedError(allow);
    return handler(req, res);
  }

  // Only what the host put in our way (its logger, a patched response) can still fail here.
  return (req, res) => void answer(req, res).catch(() => res.destroy());
}
