import { execFile } from 'node:child_process';
import { chown, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type OwnPostgres, startOwnPostgres, temporaryFolder } from './postgres.js';

/**
 * A copy of a server's files, taken while it works, by PostgreSQL's low-level backup API (documentation, 25.3.4). Resolves
 * with the folder that `startOwnPostgres` takes: a server of its own, from the moment at which the copy was finished.
 */
export async function copyPostgres(server: OwnPostgres): Promise<string> {
  const copy = path.join(await temporaryFolder(), 'postgres');
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query("select pg_backup_start('copy', true)");
    await copyFolder(server.dataDirectory, copy);
    const { rows } = await client.query('select labelfile from pg_backup_stop()');
    // What was written while it was copied, up to the end of the backup.
    await copyFolder(`${server.dataDirectory}/data/pg_wal/.`, path.join(copy, 'data/pg_wal'));
    await rm(path.join(copy, 'data/postmaster.pid'), { force: true });
    await writeOwned(copy, 'backup_label', (rows[0] as { labelfile: string }).labelfile);
  } finally {
    await client.end();
  }
  return copy;
}

/**
 * A hot standby that follows the server from now on. `select pg_promote()` makes it the primary.
 *
 * @param port by which it reaches the server
 */
export async function startStandby(primary: OwnPostgres, port: number): Promise<OwnPostgres> {
  const copy = await copyPostgres(primary);
  await writeOwned(copy, 'standby.signal', '');
  const { hostname, username, password } = new URL(primary.url);
  const conninfo = `host=${hostname} port=${port} user=${username} password=${password} application_name=standby`;
  return startOwnPostgres({ primary_conninfo: conninfo }, copy);
}

/** Files vanish while the server works: that is what the log of the backup is for. */
async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]).catch((error: { stderr?: string }) => {
    const others = (error.stderr ?? '').trim().split('\n');
    if (!others.every((line) => line.includes('No such file or directory'))) throw error;
  });
}

async function writeOwned(copy: string, name: string, text: string): Promise<void> {
  const data = path.join(copy, 'data');
  const file = path.join(data, name);
  await writeFile(file, text, { mode: 0o600 });
  const { uid, gid } = await stat(data);
  await chown(file, uid, gid);
}
