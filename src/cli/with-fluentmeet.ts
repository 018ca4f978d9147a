import type { Internals } from '../fluentmeet.js';
import type { Cli } from './cli.js';
import { readSettings, type SettingsRequest } from './settings/options-from-env.js';

/**
 * Opens an instance from the environment for the work of one command, and closes it whatever happens. The relay is not
 * started.
 */
export async function withFluentMeet<T>(
  cli: Cli,
  { queryTimeout = '60s', ...request }: SettingsRequest & { queryTimeout?: string },
  work: (internals: Internals) => Promise<T>,
): Promise<T> {
  const settings = readSettings(cli.io, request);
  // sequelize and its like take a tenth of a second to load: not before the settings are known to be right.
  const { createFluentMeet, internalsOf } = await import('../fluentmeet.js');
  const fluentmeet = createFluentMeet({
    ...settings.options,
    // An operator's statements may take longer than those a person waits for in a browser.
    databaseQueryTimeout: queryTimeout,
    logger: cli.logger,
  });
  try {
    return await work(internalsOf(fluentmeet));
  } finally {
    await fluentmeet.stop();
    await settings.close();
  }
}
