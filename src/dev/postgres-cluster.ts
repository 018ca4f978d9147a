import type { ExecFileException } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, lstat, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { placeWhole } from './place-whole.js';
import { type PostgresAccount, runAs } from './postgres-account.js';

/** PostgreSQL takes settings and its messages' language from the environment: it gets none of ours. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

export type PostgresCluster = Awaited<ReturnType<typeof ensurePostgresCluster>>;

/**
 * Makes the database cluster in `folder` at the first call (`data`, with `password` beside it), and
 * finds it there later. Resolves with PostgreSQL's data directory (PGDATA) and the password of the superuser
 * `postgres`. An interrupted first call leaves nothing half made under that name.
 *
 * @throws Error when the cluster was made by another major version, or belongs to another user
 */
export async function ensurePostgresCluster(folder: string, binaries: string, account: PostgresAccount) {
  const passwordFile = path.join(folder, 'password');
  const directory = path.join(folder, 'data');
  const made = await clusterVersion(directory);
  if (made === undefined) {
    await makePassword(passwordFile, account);
    await makeCluster(folder, directory, binaries, account);
  } else if (made !== account.majorVersion) {
    throw new Error(
      `The data in ${directory} was made by PostgreSQL ${made}, and this is PostgreSQL ` +
        `${account.majorVersion}. Move the folder away to begin anew, or install the package versions that made it.`,
    );
  }
  return { directory, password: await readPassword(passwordFile) };
}

/** Read once the cluster is there: another process may have been first with either. */
async function readPassword(file: string): Promise<string> {
  const password = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (password !== '') return password;
  const folder = path.dirname(file);
  throw new Error(
    `${file} has no password for the data beside it: put it back, or move ${folder} away to begin anew`,
  );
}

async function makePassword(file: string, account: PostgresAccount): Promise<void> {
  await placeWhole(file, randomBytes(24).toString('hex'));
  if ((await readFile(file, 'utf8')) === '')
    throw new Error(`${file} holds no password: remove it, and start again`);
  // initdb reads it, also where an earlier start chose another account.
  const { uid, gid } = await lstat(path.dirname(file));
  if (account.prefix.length > 0 || account.uid !== undefined) await chown(file, uid, gid);
}

async function clusterVersion(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(directory, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeCluster(
  folder: string,
  directory: string,
  binaries: string,
  account: PostgresAccount,
): Promise<void> {
  await removeLeftovers(folder);
  const draft = path.join(folder, `draft-${process.pid}`);
  const reachable = account.assisted ? await copyToReachable(binaries) : undefined;
  try {
    await runInitdb(reachable ?? binaries, draft, path.join(folder, 'password'), account);
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process made it at the same time, with the same password file: use that one.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    if (reachable !== undefined) await rm(path.dirname(reachable), { recursive: true, force: true });
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^draft-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** initdb checks its absolute path with access(2), which no capability helps: run it from a copy. */
async function copyToReachable(binaries: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-initdb-'));
  await chmod(folder, 0o755);
  const copy = path.join(folder, 'native');
  await cp(binaries, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function runInitdb(
  binaries: string,
  directory: string,
  passwordFile: string,
  account: PostgresAccount,
): Promise<void> {
  const command = [
    ...[path.join(binaries, 'bin', 'initdb'), '-D', directory, '--username=postgres'],
    ...[`--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
  ];
  const running = runAs(account, command, { cwd: path.join(binaries, 'bin'), env: POSTGRES_ENVIRONMENT });
  await running.catch((error: ExecFileException) => {
    const { stdout = '', stderr = '', message } = error;
    // What it did comes at length on stdout, and why it could not on stderr.
    throw new Error(`initdb failed:\n${stderr.trim() || stdout.trim() || message}`, { cause: error });
  });
}
