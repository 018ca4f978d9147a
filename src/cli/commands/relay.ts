import { createFluentMeet } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import { type ExitCode, exitCodes } from '../cli-error.js';
import { readSettings } from '../options-from-env.js';
import { withCleanup } from '../server/cleanup.js';
import { findSchema } from '../server/find-schema.js';
import { createHealth } from '../server/health.js';
import { setLastDeadline, stopPatience } from '../server/last-deadline.js';
import { listenForAdmin } from '../server/listen-for-admin.js';
import { logSettingWarnings } from '../server/log-setting-warnings.js';
import { createMetrics } from '../server/metrics.js';
import { createServerLogger } from '../server/server-logger.js';
import { untilAborted } from '../server/until-aborted.js';

export interface RelayFlags {
  /** How long to wait for the database, in milliseconds. */
  wait?: number;
}

export async function relay(cli: Cli, flags: RelayFlags): Promise<ExitCode> {
  const settings = readSettings(cli.io, {
    groups: ['database', 'links', 'emails', 'kafka', 'server'],
    required: ['DATABASE_URL', ['KAFKA_BROKERS', 'SMTP_URL'], 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
  });
  const { options, server } = settings;
  const metrics = createMetrics();
  const logger = metrics.countEvents(createServerLogger(cli.io, server.logLevel));
  logSettingWarnings(cli.io, logger);
  const stopping = cli.interruption();
  const ended = setLastDeadline({ io: cli.io, logger, stopping }, stopPatience);
  await withCleanup(async (defer) => {
    defer(() => settings.close());
    const fluentmeet = createFluentMeet({ ...options, logger });
    defer(() => fluentmeet.stop());
    const health = createHealth(fluentmeet);
    metrics.observe(fluentmeet);
    await listenForAdmin(server, { health, metrics, logger, defer });
    const migrations = await findSchema(fluentmeet, { ...flags, logger, stopping });
    if (stopping.aborted) return;
    health.started(migrations);
    await fluentmeet.start();
    logger.info({ event: 'relay.started' }, 'Publishing waiting emails');
    await untilAborted(stopping);
    health.drain();
    logger.info({ event: 'relay.stopping' }, 'Stopping');
  });
  logger.info({ event: 'relay.stopped' }, 'Stopped');
  ended();
  return exitCodes.done;
}
