import type { Logger } from '../../logger.js';
import type { ServerSettings } from '../options-from-env.js';
import { createAdminApp } from './admin.js';
import type { Defer } from './cleanup.js';
import type { Health } from './health.js';
import { listen } from './listen.js';
import type { Metrics } from './metrics.js';

interface Admin {
  health: Pick<Health, 'router'>;
  metrics: Metrics;
  logger: Logger;
  defer: Defer;
}

/** Opens the admin port, where one is set. */
export async function listenForAdmin(
  { adminPort, adminHost }: ServerSettings,
  { health, metrics, logger, defer }: Admin,
): Promise<void> {
  if (adminPort === undefined) return;
  const admin = await listen(createAdminApp(health, metrics), {
    host: adminHost,
    port: adminPort,
    portAdvice: 'Choose another: FLUENTMEET_ADMIN_PORT.',
  });
  defer(() => admin.close());
  logger.info({ event: 'server.admin-listening', url: admin.url }, 'Health and metrics');
}
