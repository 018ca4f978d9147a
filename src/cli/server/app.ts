import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { FluentMeet } from '../../fluentmeet.js';
import { authRouter, openApiDocument } from '../../http/index.js';
import { openApiPage } from '../../http/openapi/openapi-page.js';
import { forRequest } from '../../http/request-id.js';
import { describeError, type Logger } from '../../logger.js';
import type { Health } from './health.js';

export interface AppOptions {
  fluentmeet: FluentMeet;
  logger: Logger;
  trustProxy: boolean | number | string;
  /** What comes before the routes: metrics. */
  before?: readonly RequestHandler[];
  /** What comes beside the routes: health, pages. */
  beside?: readonly RequestHandler[];
}

/** The host app that `serve` and `dev` share: the module's routes as any host would mount them, and a host's own ends. */
export function createApp({ fluentmeet, logger, trustProxy, before = [], beside = [] }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustProxy);
  app.use(securityHeaders);
  if (before.length > 0) app.use(...before);
  app.use('/api/v1/auth', authRouter(fluentmeet));
  const document = openApiDocument(fluentmeet);
  app.get('/openapi.json', (_req, res) => void res.json(document));
  const page = openApiPage(document, 'openapi.json');
  app.get('/openapi', (_req, res) => void res.set(page.headers).type('html').send(page.markup));
  if (beside.length > 0) app.use(...beside);
  app.use(notFound);
  app.use(answerError(logger));
  return app;
}

/** Before the database is there: health, and for everybody else that it is a matter of moments. */
export function createStartingApp(health: Health): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders, health.router);
  app.use((_req, res) => {
    res.set('Retry-After', '1');
    sendError(res, 503, 'SERVICE_UNAVAILABLE', 'The service is starting. Try again in a moment.');
  });
  return app;
}

const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set('X-Content-Type-Options', 'nosniff');
  next();
};

/** In the shape of the module's own errors. */
function sendError(res: Response, status: number, code: string, message: string): void {
  res.status(status).json({ status: 'error', code, message, details: [] });
}

const notFound: RequestHandler = (_req, res) => sendError(res, 404, 'NOT_FOUND', 'There is nothing here.');

function answerError(logger: Logger): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error: unknown, req, res, next) => {
    const { status } = error as { status?: unknown };
    // Express's own, of a malformed URL.
    const clientFault = typeof status === 'number' && status >= 400 && status < 500;
    if (!clientFault) {
      const own = forRequest({ logger }, req);
      own.logger.error({ event: 'server.failed', error: describeError(error) }, 'Answered 500');
    }
    if (res.headersSent) next(error);
    else if (clientFault) sendError(res, status, 'BAD_REQUEST', 'The request is malformed.');
    else sendError(res, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side. Try again later.');
  };
}
