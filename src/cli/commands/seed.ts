import { type SeedRefusal, SeedRefusedError, seedUsers, type SeedResult } from '../../seed/seed-users.js';
import { faultMessages } from '../../faults.js';
import { passwordFault } from '../../passwords/password.js';
import type { Cli } from '../cli.js';
import { CliError, exitCodes, type ExitCode, UsageError } from '../cli-error.js';
import { type CredentialsFile, openCredentialsFile } from '../credentials-file.js';
import { readPasswordFromStdin } from '../terminal/read-password.js';
import { withFluentMeet } from '../with-fluentmeet.js';

const request = { groups: ['database', 'signup'] } as const;

/** How many a person is shown. */
const shown = 5;

export interface SeedFlags {
  count: number;
  seed: number;
  verified: number;
  languages?: string[];
  askPassword?: boolean;
  passwordStdin?: boolean;
  credentials?: string;
  force?: boolean;
  overwrite?: boolean;
}

export async function seed(cli: Cli, flags: SeedFlags): Promise<ExitCode | void> {
  const { output } = cli;
  const { count, credentials, force = false, overwrite = false, seed: number, verified, languages } = flags;
  if (overwrite && credentials === undefined)
    throw new UsageError('--overwrite goes with --credentials alone');
  const password = await givenPassword(cli, flags);
  return withFluentMeet(cli, request, async (internals) => {
    // Before the users: a password that could not be written down would be lost.
    const file =
      credentials === undefined ? undefined : await openCredentialsFile(cli.io.cwd, credentials, overwrite);
    const signal = cli.interruption();
    const production = cli.io.env['NODE_ENV'] === 'production';
    const progress = output.progress('Seeding', count);
    try {
      const input = { count, seed: number, verified, languages, password };
      const onProgress = (done: number): void => progress.update(done);
      const result = await seedUsers(internals, input, { force, production, signal, onProgress });
      progress.end();
      await handOut(cli, result, file, password !== undefined);
    } catch (error) {
      progress.end();
      if (signal.aborted) {
        output.note('Interrupted: no user was inserted.');
        return exitCodes.interrupted;
      }
      if (error instanceof SeedRefusedError) {
        throw new CliError(refusals[error.reason], {
          advice: 'Test users belong in a database of your own. If you mean it: --force',
          cause: error,
        });
      }
      throw error;
    } finally {
      await file?.discard();
    }
  });
}

const refusals: Readonly<Record<SeedRefusal, string>> = {
  remote: 'the database is not on this machine',
  production: 'NODE_ENV is production here',
  'real-users': 'the database holds users who are no test users',
};

async function givenPassword(
  cli: Cli,
  { askPassword, passwordStdin }: SeedFlags,
): Promise<string | undefined> {
  if (askPassword && passwordStdin) throw new UsageError('give --ask-password or --password-stdin, not both');
  if (passwordStdin) return readPasswordFromStdin(cli.io);
  if (!askPassword) return undefined;
  return cli.prompts.newPassword({
    flag: '--password-stdin',
    message: 'Password of all of them',
    fault(text) {
      const code = passwordFault(text);
      return code && faultMessages[code];
    },
  });
}

async function handOut(
  { output }: Cli,
  { created, existing, password }: SeedResult,
  file: CredentialsFile | undefined,
  isGiven: boolean,
): Promise<void> {
  const users = created.map(({ email, isVerified }) => ({ email, is_verified: isVerified }));
  const written = file && users.length > 0 ? file.path : null;
  const lost = isGiven
    ? `${users.length} users were made, with the password that you gave. To remove them: fluentmeet users erase`
    : `${users.length} users were made, and their password is lost. Make others (--seed), and remove these: fluentmeet users erase`;
  if (written !== null) await writeCredentials(file, { password, users }, lost);
  // Where nobody was made, the password is nobody's.
  const open = users.length > 0 && written === null ? password : null;
  if (open !== null) output.ifLost = lost;
  const value = { created: users.length, existing, password: open, credentials_file: written, users };
  output.result(value, () => {
    output.details([
      ['Created', users.length],
      ['Existing', existing],
      ['Verified', users.filter(({ is_verified }) => is_verified).length],
      ...(open === null ? [] : [['Password', open] as const]),
      ...(written === null ? [] : [['Credentials', written] as const]),
      ...users.slice(0, shown).map(({ email }) => ['User', email] as const),
    ]);
    if (users.length > shown)
      output.note(`… and ${users.length - shown} more; --json or --credentials has them all.`);
    if (existing > 0) {
      output.note(`${existing} were there before and stay as they are, with the password they had.`);
    }
  });
}

async function writeCredentials(
  file: CredentialsFile | undefined,
  credentials: object,
  advice: string,
): Promise<void> {
  try {
    await file?.write(`${JSON.stringify(credentials, null, 1)}\n`);
  } catch (error) {
    const why =
      error instanceof CliError ? error.message : ((error as NodeJS.ErrnoException).code ?? 'error');
    throw new CliError(`the credentials could not be written (${why})`, { advice, cause: error });
  }
}
