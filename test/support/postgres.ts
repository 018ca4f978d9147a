import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pg from 'pg';

import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { atEnd } from './at-end.js';
import { family, freePorts, freezeAll, signalAll, untilEnded } from './processes.js';

export interface TestDatabase {
  url: string;
  /** Closes whatever is still connected. Safe to call twice; a forgotten one is dropped at the end of the run. */
  drop(): Promise<void>;
}

/** An empty database of the test's own, on the server that the run shares (or that of TEST_DATABASE_URL). */
export async function createDatabase(): Promise<TestDatabase> {
  const server = await sharedServer();
  const name = `fluentmeet_test_${randomBytes(6).toString('hex')}`;
  await execute(server, `create database ${name}`);

  let dropped: Promise<void> | undefined;
  const drop = () => (dropped ??= execute(server, `drop database if exists ${name} with (force)`));
  atEnd(drop);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop };
}

let shared: Promise<string> | undefined;

function sharedServer(): Promise<string> {
  return (shared ??= startSharedServer());
}

async function startSharedServer(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return given;
  const folder = await temporaryFolder();
  const dataDirectory = path.join(folder, 'postgres');
  const server = await startEmbeddedPostgres({ dataDirectory, settings: { max_connections: '300' } });
  atEnd(() => server.stop());
  return server.url;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

export interface OwnPostgres {
  /** The same before and after `restart()`. */
  readonly url: string;
  /** What `startEmbeddedPostgres` was given: PostgreSQL's data lie in its folder `data`. */
  readonly dataDirectory: string;
  /** The postmaster's, of the last start. */
  readonly pid: number;
  /** Shuts down; the data stays for `restart()`. */
  stop(): Promise<void>;
  /** SIGKILL to the postmaster and every backend: a crash. */
  kill(): Promise<void>;
  /** SIGSTOP to the postmaster and every backend: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Starts again on the same port and data; stops first what still runs. */
  restart(): Promise<void>;
}

/**
 * A server of the test's own, for breaking it. Ends with the run at the latest.
 *
 * @param dataDirectory of a copy (`copyPostgres`); absent, a new one
 */
export async function startOwnPostgres(
  settings: Record<string, string> = {},
  dataDirectory?: string,
): Promise<OwnPostgres> {
  dataDirectory ??= path.join(await temporaryFolder(), 'postgres');
  const [port] = await freePorts(1);
  const start = () => startEmbeddedPostgres({ dataDirectory, settings: { ...settings, port: String(port) } });

  let server = await start();
  let frozen: number[] = [];
  const own: OwnPostgres = {
    url: server.url,
    dataDirectory,
    get pid() {
      return server.pid;
    },
    async stop() {
      own.thaw();
      await server.stop();
    },
    async kill() {
      const pids = [...new Set([...frozen, ...family(server.pid)])];
      frozen = [];
      signalAll(pids, 'SIGKILL');
      await untilEnded(pids);
      await server.stop();
    },
    freeze() {
      freezeAll([server.pid]); // first, so that no backend is born meanwhile
      frozen = family(server.pid);
      freezeAll(frozen);
    },
    thaw() {
      signalAll(frozen, 'SIGCONT');
      frozen = [];
    },
    async restart() {
      await own.stop();
      server = await start();
    },
  };
  atEnd(() => own.stop());
  return own;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-postgres-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who has to get in
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
