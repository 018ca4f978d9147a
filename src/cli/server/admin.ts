import express, { type Express } from 'express';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

/** `/metrics`, `/healthz` and `/readyz` on a port of their own, which the public cannot reach. */
export function createAdminApp(health: Pick<Health, 'router'>, metrics: Metrics): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/metrics', async (_req, res) => {
    // As bytes: Express would otherwise add a second charset to Prometheus's content type.
    res.set('Content-Type', metrics.contentType).end(await metrics.text());
  });
  app.use(health.router);
  app.use((_req, res) => void res.status(404).type('text').send('See /metrics, /healthz and /readyz.\n'));
  return app;
}
