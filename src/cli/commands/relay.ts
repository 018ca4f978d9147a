import { createFluentMeet } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import { type ExitCode, exitCodes } from '../cli-error.js';
import { readSettings } from '../options-from-env.js';
import { checkSchema } from '../server/check-schema.js';
import { withCleanup } from '../server/cleanup.js';
import { createHealth } from '../server/health.js';
import { listenForAdmin } from '../server/listen-for-admin.js';
import { logSettingWarnings } from '../server/log-setting-warnings.js';
import { createMetrics } from '../server/metrics.js';
import { createServerLogger } from '../server/server-logger.js';
import { untilAborted } from '../server/until-aborted.js';

export async function relay(cli: Cli): Promise<ExitCode> {
  const { options, server } = readSettings(cli.io, {
    groups: ['database', 'links', 'emails', 'kafka', 'server'],
    required: ['DATABASE_URL', 'KAFKA_BROKERS', 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
  });
  const metrics = createMetrics();
  const logger = metrics.countEvents(createServerLogger(cli.io, server.logLevel));
  logSettingWarnings(cli.io, logger);
  const stopping = cli.interruption();
  await withCleanup(async (defer) => {
    const fluentmeet = createFluentMeet({ ...options, logger });
    defer(() => fluentmeet.stop());
    const health = createHealth(fluentmeet, await checkSchema(fluentmeet, logger));
    metrics.observe(fluentmeet);
    await listenForAdmin(server, { health, metrics, logger, defer });
    await fluentmeet.start();
    logger.info({ event: 'relay.started' }, 'Publishing waiting emails');
    await untilAborted(stopping);
    health.drain();
    logger.info({ event: 'relay.stopping' }, 'Stopping');
  });
  logger.info({ event: 'relay.stopped' }, 'Stopped');
  return exitCodes.done;
}
