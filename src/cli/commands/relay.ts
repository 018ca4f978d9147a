import { createFluentMeet } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import type { ExitCode } from '../cli-error.js';
import { readSettings } from '../settings/options-from-env.js';
import { findSchema } from '../server/find-schema.js';
import { createHealth } from '../server/health.js';
import { runServer } from '../server/run-server.js';

/** @param flags with how long to wait for the database, in milliseconds */
export async function relay(cli: Cli, flags: { wait?: number }): Promise<ExitCode> {
  const settings = readSettings(cli.io, {
    groups: ['database', 'links', 'emails', 'kafka', 'server'],
    required: [['KAFKA_BROKERS', 'SMTP_URL'], 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
  });
  return runServer(cli, settings.server, 'relay', async (running) => {
    const { logger, metrics, stopping, defer } = running;
    defer(() => settings.close());
    const fluentmeet = createFluentMeet({ ...settings.options, logger });
    defer(() => fluentmeet.stop());
    const health = createHealth(fluentmeet);
    metrics.observe(fluentmeet);
    await running.listenForAdmin(health);
    const migrations = await findSchema(fluentmeet, { ...flags, logger, stopping });
    if (stopping.aborted) return;
    health.started(migrations);
    await fluentmeet.start();
    logger.info({ event: 'relay.started' }, 'Publishing waiting emails');
    await running.untilStopped();
    health.drain();
  });
}
