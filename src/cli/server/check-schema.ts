import { type FluentMeet, internalsOf } from '../../fluentmeet.js';
import type { Logger } from '../../logger.js';
import { CliError, exitCodes } from '../cli-error.js';

/**
 * A server on a database that is behind would answer 500 to everything, and one that migrated by itself would change a
 * production database because somebody restarted it: so it refuses. A newer database is fine, since a rollback of the
 * code must be able to run.
 *
 * @returns the migrations that this code knows
 * @throws CliError, ServiceUnavailableError
 */
export async function checkSchema(fluentmeet: FluentMeet, logger: Logger): Promise<string[]> {
  const status = await internalsOf(fluentmeet).migrator.status();
  const pending = status.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  if (pending.length > 0) {
    throw new CliError(`the database is behind this code: ${pending.join(', ')} not applied`, {
      exitCode: exitCodes.failed,
      advice: 'Apply the migrations first: fluentmeet migrate up',
    });
  }
  const newer = status.filter(({ unknown }) => unknown).map(({ name }) => name);
  if (newer.length > 0) {
    logger.warn({ event: 'schema.ahead', migrations: newer }, 'The database is newer than this code');
  }
  return status.filter(({ unknown }) => !unknown).map(({ name }) => name);
}
