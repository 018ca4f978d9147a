import express, { type Express } from 'express';
import { untilAborted } from '../../deadline.js';
import type { Logger } from '../../logger.js';
import type { Cli } from '../cli.js';
import { type ExitCode, exitCodes } from '../cli-error.js';
import type { ServerSettings } from '../settings/options-from-env.js';
import { settingWarnings } from '../settings/setting-warnings.js';
import { type Defer, withCleanup } from './cleanup.js';
import type { Health } from './health.js';
import { setLastDeadline, stopPatience } from './last-deadline.js';
import { listen } from './listen.js';
import { createMetrics, type Metrics } from './metrics.js';
import { createServerLogger } from './server-logger.js';

/** What a process that runs until it is stopped works with. */
export interface Running {
  /** Every event is counted by its name. */
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly stopping: AbortSignal;
  readonly defer: Defer;
  listenForAdmin(health: Pick<Health, 'router'>): Promise<void>;
  /** Resolves when the process is told to stop. */
  untilStopped(): Promise<void>;
}

/**
 * The life of `serve`, `relay` and `mailer`: until a signal, and then ten seconds at most beside `stopDelay`.
 *
 * @param name of its events, `relay.stopping` and so on
 */
export async function runServer(
  cli: Cli,
  settings: ServerSettings,
  name: 'server' | 'relay' | 'mailer',
  work: (running: Running) => Promise<void>,
): Promise<ExitCode> {
  const { io } = cli;
  const metrics = createMetrics();
  const logger = metrics.countEvents(createServerLogger(io, settings.logLevel));
  // Their operator need not have asked `doctor`.
  for (const { variable, message, advice } of settingWarnings(io)) {
    logger.warn({ event: 'config.doubtful', variable }, `${variable} ${message}. ${advice}`);
  }
  const stopping = cli.interruption();
  const delay = name === 'server' ? settings.stopDelay : 0;
  const ended = setLastDeadline({ io, logger, stopping }, delay + stopPatience);
  await withCleanup((defer) =>
    work({
      ...{ logger, metrics, stopping, defer },
      async listenForAdmin(health) {
        const { adminHost: host, adminPort: port } = settings;
        if (port === undefined) return;
        const portAdvice = 'Choose another: FLUENTMEET_ADMIN_PORT.';
        const admin = await listen(createAdminApp(health, metrics), { host, port, portAdvice });
        defer(() => admin.close());
        logger.info({ event: 'server.admin-listening', url: admin.url }, 'Health and metrics');
      },
      async untilStopped() {
        await untilAborted(stopping);
        logger.info({ event: `${name}.stopping` }, 'Stopping');
      },
    }),
  ).finally(ended);
  logger.info({ event: `${name}.stopped` }, 'Stopped');
  return exitCodes.done;
}

/** `/metrics`, `/healthz` and `/readyz` on a port of their own, which the public cannot reach. */
function createAdminApp(health: Pick<Health, 'router'>, metrics: Metrics): Express {
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
