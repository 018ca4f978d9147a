import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { ignoreExisting } from './place-whole.js';
import { spawnWithLifeline, type LifelineProcess } from './lifeline.js';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.js';
import { locatePostgresBinaries } from './postgres-binaries.js';
import { ensurePostgresCluster, POSTGRES_ENVIRONMENT, type PostgresCluster } from './postgres-cluster.js';

export interface EmbeddedPostgresOptions {
  /** A folder for PostgreSQL's data and password; made when missing, found again later. */
  dataDirectory: string;
  /** More settings of the server, as `-c` takes them. `port` replaces the free one that is chosen. */
  settings?: Record<string, string>;
}

/** Recovery after a crash comes before the first connection. */
const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 3;
const DATABASE_NAME = 'fluentmeet';
/** SQLSTATE of a wrong password: the data and the password file do not belong together. */
const INVALID_PASSWORD = '28P01';

/**
 * Starts a real PostgreSQL with nothing installed but the npm package of its binaries. The data stays in
 * its directory; the server ends with this process, however this process ends, and does not keep its
 * event loop alive.
 *
 * @throws Error when the binaries are missing, the directory is in use or was made by another major
 *   version, or the server does not start (with the last lines of what it wrote)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions) {
  const folder = path.resolve(options.dataDirectory);
  await mkdir(path.dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
  const binaries = await locatePostgresBinaries(folder);
  const account = await choosePostgresAccount(binaries, folder);
  const cluster = await ensurePostgresCluster(folder, binaries, account);

  const { server, client, address } = await launch(binaries, account, cluster, options.settings ?? {});
  try {
    await createDatabase(client, DATABASE_NAME);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
  return {
    /** `postgresql://…` of the database, as superuser, on 127.0.0.1. */
    url: address(DATABASE_NAME),
    /** The postmaster's process id. */
    pid: server.pid,
    /** Closes the connections and shuts down; safe to call twice. */
    stop: () => server.stop(),
  };
}

/** The server, a client that is connected to the database `postgres`, and where to find any. */
async function launch(
  binaries: string,
  account: PostgresAccount,
  cluster: PostgresCluster,
  settings: Record<string, string>,
) {
  for (let attempt = 1; ; attempt++) {
    const port = settings['port'] ?? String(await freePort());
    const server = await spawnWithLifeline(
      [...account.prefix, './postgres', '-D', cluster.directory, ...flags({ ...settings, port })],
      {
        cwd: path.join(binaries, 'bin'),
        env: POSTGRES_ENVIRONMENT,
        uid: account.uid,
        gid: account.gid,
        signals: { ask: 'INT', insist: 'QUIT' },
      },
    );
    const address = (database: string) =>
      `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    const client = await connectOnceReady(server, address('postgres'));
    if (client) return { server, client, address };

    await server.stop();
    const lostThePort = server.output().includes('could not bind');
    if (!lostThePort || settings['port'] !== undefined || attempt === PORT_ATTEMPTS) {
      throw new Error(whyItDidNotStart(server.output(), cluster.directory));
    }
  }
}

function flags(settings: Record<string, string>): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A connection, or nothing when the server ended, refused our password or did not get ready in time. */
async function connectOnceReady(server: LifelineProcess, url: string): Promise<pg.Client | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!server.hasExited() && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if ((error as { code?: string }).code === INVALID_PASSWORD) return undefined;
      await sleep(20);
    }
  }
  return undefined;
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
}

function whyItDidNotStart(output: string, dataDirectory: string): string {
  const other = /lock file "postmaster\.pid" already exists[^]*?\(PID (\d+)\)/.exec(output)?.[1];
  if (other !== undefined) {
    return (
      `The data in ${dataDirectory} is in use: PostgreSQL runs on it with the pid ${other}. ` +
      'Stop what started it, or name another folder.'
    );
  }
  return `PostgreSQL did not start on ${dataDirectory}. It wrote:\n${output.trim()}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
