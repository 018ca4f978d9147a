import { execFile, type ExecFileException } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Who runs PostgreSQL: this process's own user, or another one because this one is root. */
export interface PostgresAccount {
  uid?: number | undefined;
  gid?: number | undefined;
  /** `setpriv …`, when the account needs help to reach the directories. */
  prefix: readonly string[];
  /** Whether the account reaches the directories only by that help. */
  assisted: boolean;
  majorVersion: string;
}

interface Identity {
  uid: number;
  gid: number;
}

// Works from the binaries' own folder, because a process that has CAP_DAC_OVERRIDE still fails
// access(2) on the absolute path: that call asks for the real user without capabilities.
//
// initdb looks its user's name up, and fails for a uid without one; the server does not ask.
const NAMELESS =
  'PostgreSQL makes its data only as a user who has a name, and this uid has none: give it a line in /etc/passwd, or run this as another user';
const PROBE = `cd "$2" && { [ -e data/PG_VERSION ] || id -un >/dev/null 2>&1 || { echo '${NAMELESS}' >&2; exit 1; }; } &&
  cd "$1" && ./postgres --version`;

/**
 * PostgreSQL refuses to run as root, so root hands it to another user: the owner of the data, of the
 * project, `postgres` or `nobody`. Where the data is still to be made, the user has to have a name (the owner
 * of a checkout that was mounted into a container often has none). Often that user may not walk to the
 * directories (a checkout under /root, a `mktemp -d`). Then it gets CAP_DAC_OVERRIDE, which root has even in
 * a default container.
 *
 * The data directory ends up owned by the account.
 *
 * @throws Error when PostgreSQL cannot run here, naming the directory and the ways out
 */
export async function choosePostgresAccount(
  binaries: string,
  dataDirectory: string,
): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) {
    const account = { prefix: [], assisted: false };
    return { ...account, majorVersion: await probe(account, binaries, dataDirectory) };
  }

  const identities = await unprivilegedIdentities(dataDirectory);
  const accounts = [
    ...identities.map((identity) => ({ ...identity, prefix: [], assisted: false })),
    ...identities.map((identity) => ({ prefix: setpriv(identity), assisted: true })),
  ];
  const failures: string[] = [];
  for (const [index, account] of accounts.entries()) {
    const { uid, gid } = identities[index % identities.length]!;
    try {
      await chown(dataDirectory, uid, gid);
      return { ...account, majorVersion: await probe(account, binaries, dataDirectory) };
    } catch (error) {
      failures.push(`uid ${uid}${account.assisted ? ' with setpriv' : ''}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `PostgreSQL does not run as root, and no other user can reach ${binaries} and ${dataDirectory}. ` +
      'Run this as a plain user, or let others pass through the directories above those two ' +
      '(chmod o+x), or install setpriv (util-linux) and keep CAP_DAC_OVERRIDE.\n' +
      failures.join('\n'),
  );
}

async function unprivilegedIdentities(dataDirectory: string): Promise<Identity[]> {
  const owners = await Promise.all([dataDirectory, process.cwd()].map((directory) => stat(directory)));
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const system = ['postgres', 'nobody'].flatMap((name) => {
    const [, , uid, gid] =
      passwd
        .split('\n')
        .find((line) => line.startsWith(`${name}:`))
        ?.split(':') ?? [];
    return uid === undefined ? [] : [{ uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }];
  });
  const identities = [...owners.map(({ uid, gid }) => ({ uid, gid })), ...system];
  return identities.filter(
    ({ uid }, index) => uid !== 0 && identities.findIndex((other) => other.uid === uid) === index,
  );
}

function setpriv({ uid, gid }: Identity): string[] {
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
}

/** Runs `postgres --version` as the account, standing in both directories; gives the major version. */
async function probe(
  account: Omit<PostgresAccount, 'majorVersion'>,
  binaries: string,
  dataDirectory: string,
): Promise<string> {
  const command = ['/bin/sh', '-c', PROBE, 'sh', path.join(binaries, 'bin'), dataDirectory];
  const running = runAs(account, command, { cwd: '/', timeout: 10_000 });
  const output = await running.catch((error: ExecFileException) => {
    throw new Error(error.stderr?.trim() || error.message, { cause: error });
  });
  const version = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (version === undefined) throw new Error(`postgres --version said: ${output.trim()}`);
  return version;
}

/** Resolves with what the program wrote. @throws ExecFileException */
export async function runAs(
  { prefix, uid, gid }: Omit<PostgresAccount, 'majorVersion'>,
  command: readonly string[],
  options: object,
): Promise<string> {
  const [program = '', ...args] = [...prefix, ...command];
  const { stdout } = await promisify(execFile)(program, args, { ...options, uid, gid } as object);
  return stdout;
}
