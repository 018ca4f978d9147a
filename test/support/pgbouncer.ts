import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type LifelineProcess, spawnWithLifeline } from '../../src/dev/lifeline.js';
import { freePorts } from './processes.js';
import { isRequired, skipFor } from './skip.js';

/** Skips the suite, or fails where CI is set. */
export function requirePgBouncer(context: Mocha.Context): void {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore' });
  } catch {
    if (isRequired()) throw new Error('pgbouncer is not installed (Debian: apt-get install pgbouncer)');
    skipFor(context, 'pgbouncer is not installed');
  }
}

export interface Pooler {
  /** Of the same database, through PgBouncer. */
  url: string;
  stop(): Promise<void>;
}

/**
 * PgBouncer with its defaults, but for the mode and the size of the pool: what a host is likely to have.
 *
 * @param serverConnections of its own to the server
 */
export async function startPgBouncer(
  server: string,
  serverConnections: number,
  port?: string,
): Promise<Pooler> {
  const { hostname, port: serverPort, username, password, pathname } = new URL(server);
  port ??= String((await freePorts(1))[0]);
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-pgbouncer-'));
  const users = path.join(folder, 'users.txt');
  const config = path.join(folder, 'pgbouncer.ini');
  await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`, { mode: 0o600 });
  await writeFile(
    config,
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${serverConnections}
min_pool_size = ${serverConnections}
`,
  );
  const account = process.getuid?.() === 0 ? nobody() : undefined;
  if (account) {
    await chmod(folder, 0o755);
    await chown(users, account.uid, account.gid);
  }
  const bouncer = await spawnWithLifeline(['pgbouncer', config], {
    cwd: folder,
    ...account,
    signals: { ask: 'TERM', insist: 'KILL' },
  });
  const url = Object.assign(new URL(server), { hostname: '127.0.0.1', port, pathname }).href;
  await untilReady(url, bouncer);
  return {
    url,
    async stop() {
      await bouncer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PgBouncer refuses to run as root. */
function nobody(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function untilReady(url: string, server: LifelineProcess): Promise<void> {
  for (let attempt = 0; attempt < 100 && !server.hasExited(); attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error(`PgBouncer did not start. It wrote:\n${server.output()}`);
}
