import { DatabaseError, ServiceUnavailableError } from '../../errors.js';
import type { Internals } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { checkAfterMigration } from '../doctor/check-contents.js';
import type { Finding } from '../doctor/finding.js';
import { countOf } from '../count-of.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { namesSchema, tablesElsewhere } from '../other-schemas.js';
import { readSettings } from '../settings/options-from-env.js';
import { styled } from '../terminal/cell.js';
import { unavailableInWords } from '../unavailable-in-words.js';
import { defaultWait, waitForDatabase } from '../wait-for-database.js';
import { withFluentMeet } from '../with-fluentmeet.js';

const request = { groups: ['database'] } as const;

/** @param wait for the database, in milliseconds */
export async function migrateUp(cli: Cli, { wait = defaultWait }: { wait?: number }): Promise<void> {
  const { output } = cli;
  const { database } = readSettings(cli.io, request).options;
  await waitForDatabase(database, {
    wait,
    onWait: (code) =>
      output.note(`The database is not there yet (${code}): waiting for up to ${wait / 1000} s …`),
  });
  const applied = await withFluentMeet(cli, request, async (internals) => {
    const elsewhere = namesSchema(cli.io) ? undefined : await tablesElsewhere(internals);
    if (elsewhere) throw new CliError(elsewhere.message, { advice: elsewhere.advice });
    const names = await withAdvice(internals.migrator.up());
    await warnOfWhatIsLeft(cli, internals);
    return names;
  });
  output.result({ applied }, () => {
    for (const name of applied) output.line(styled('green', 'applied '), name);
    if (applied.length === 0) output.note('Nothing is pending.');
  });
}

/** Whatever happens to it, what was applied is. */
async function warnOfWhatIsLeft({ output }: Cli, internals: Internals): Promise<void> {
  const findings: Finding[] = [];
  try {
    await checkAfterMigration(internals, findings);
  } catch (error) {
    if (!(error instanceof ServiceUnavailableError || error instanceof DatabaseError)) throw error;
    const { message } = error instanceof DatabaseError ? error : unavailableInWords(error);
    output.warn(`the migrations are applied, and what else there is was not looked at: ${message}`);
    output.note('Later: fluentmeet doctor');
  }
  for (const { status, message, advice } of findings) {
    if (status === 'fail') output.warn(`${message}. ${advice}`);
  }
}

export async function migrateDown(
  cli: Cli,
  { all = false, yes = false }: { all?: boolean; yes?: boolean },
): Promise<void> {
  const { output } = cli;
  demandYes(cli, yes);
  const reverted = await withFluentMeet(cli, request, async (internals) => {
    const { migrator } = internals;
    const applied = (await migrator.status()).filter(({ appliedAt }) => appliedAt !== null);
    const chosen = (all ? applied : applied.slice(-1)).map(({ name }) => name);
    if (chosen.length > 0) {
      const count = countOf(chosen.length, 'migration');
      const deed = `Revert ${count} (${chosen.join(', ')}), and destroy what their tables hold`;
      await confirmOrStop(cli, internals, { yes, deed, wide: all });
    }
    return withAdvice(migrator.down({ all }));
  });
  output.result({ reverted }, () => {
    for (const name of reverted) output.line(styled('yellow', 'reverted '), name);
    if (reverted.length === 0) output.note('Nothing is applied.');
  });
}

export async function migrateStatus(cli: Cli): Promise<void> {
  const { output } = cli;
  const { known, elsewhere } = await withFluentMeet(cli, request, async (internals) => ({
    known: await internals.migrator.status(),
    elsewhere: namesSchema(cli.io) ? undefined : await tablesElsewhere(internals),
  }));
  const migrations = known.map(({ name, appliedAt, unknown }) => ({
    name,
    status: unknown ? 'unknown' : appliedAt ? 'applied' : 'pending',
    applied_at: appliedAt,
  }));
  output.result({ migrations }, () => {
    output.table(migrations, [
      { title: 'MIGRATION', value: ({ name }) => name },
      {
        title: 'STATUS',
        value: ({ status }) => styled(status === 'applied' ? 'green' : 'yellow', status),
      },
      { title: 'APPLIED', value: ({ applied_at }) => applied_at },
    ]);
    if (migrations.some(({ status }) => status === 'unknown')) {
      output.warn('the database is newer than this code');
    }
    if (elsewhere) output.warn(`${elsewhere.message}. ${elsewhere.advice}`);
  });
}

/** What a migration is refused no grant gives: doctor, which looks at what serving needs, would find nothing. */
function withAdvice<T>(migrating: Promise<T>): Promise<T> {
  return migrating.catch((error: unknown) => {
    const advice = error instanceof DatabaseError ? advices[error.sqlState ?? ''] : undefined;
    if (advice === undefined) throw error;
    throw new CliError((error as DatabaseError).message, { advice, cause: error });
  });
}

const advices: Partial<Record<string, string>> = {
  42501:
    'Migrations want a user who may make tables and owns ours: let DATABASE_URL name that one for this command.',
  '2BP01':
    "Nothing was changed. Drop first what refers to our tables: a foreign key or a view of the host's, say.",
};
