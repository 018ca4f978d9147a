import { type FluentMeet, internalsOf } from '../../fluentmeet.js';
import type { Logger } from '../../logger.js';
import { CliError } from '../cli-error.js';
import { defaultWait, waitForDatabase } from '../wait-for-database.js';

/**
 * Waits for the database where it is not there yet, and looks at its schema.
 *
 * @param wait milliseconds
 * @returns the migrations that this code knows; none where it was stopped meanwhile
 * @throws CliError, ServiceUnavailableError
 */
export async function findSchema(
  fluentmeet: FluentMeet,
  {
    wait = defaultWait,
    logger,
    stopping,
  }: { wait?: number | undefined; logger: Logger; stopping: AbortSignal },
): Promise<string[]> {
  const { database } = internalsOf(fluentmeet).config;
  await waitForDatabase(database, {
    wait,
    signal: stopping,
    onWait: (code) =>
      logger.warn(
        { event: 'database.waiting', code, milliseconds: wait },
        `The database is not there yet (${code}): waiting for up to ${wait / 1000} s`,
      ),
  });
  return stopping.aborted ? [] : checkSchema(fluentmeet, logger);
}

/**
 * A server on a database that is behind would answer 500 to everything, and one that migrated by itself would change a
 * production database because somebody restarted it: so it refuses. A newer database is fine, since a rollback of the
 * code must be able to run.
 */
async function checkSchema(fluentmeet: FluentMeet, logger: Logger): Promise<string[]> {
  const status = await internalsOf(fluentmeet).migrator.status();
  const pending = status.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  if (pending.length > 0) {
    throw new CliError(`the database is behind this code: ${pending.join(', ')} not applied`, {
      advice: 'Apply the migrations first: fluentmeet migrate up',
    });
  }
  const newer = status.filter(({ unknown }) => unknown).map(({ name }) => name);
  if (newer.length > 0) {
    logger.warn({ event: 'schema.ahead', migrations: newer }, 'The database is newer than this code');
  }
  return status.filter(({ unknown }) => !unknown).map(({ name }) => name);
}
