import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from 'chai';
import pg from 'pg';

import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { isRunning, untilEnded } from '../support/processes.js';

describe('startEmbeddedPostgres', function () {
  this.timeout(60_000);
  let folder: string;
  const stops: (() => Promise<void>)[] = [];

  const start = async (settings: Record<string, string> = {}) => {
    const server = await startEmbeddedPostgres({ dataDirectory: path.join(folder, 'postgres'), settings });
    stops.push(() => server.stop());
    return server;
  };

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-test-embedded-'));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('serves an empty UTF-8 database named fluentmeet, on 127.0.0.1 and with a password', async () => {
    const { url } = await start();
    expect(await ask(url, 'select current_database() as answer')).to.equal('fluentmeet');
    expect(await ask(url, `select current_setting('server_encoding') as answer`)).to.equal('UTF8');
    expect(new URL(url).hostname).to.equal('127.0.0.1');
    expect(await ask(url, `select current_setting('listen_addresses') as answer`)).to.equal('127.0.0.1');

    const guess = new URL(url);
    guess.password = 'postgres';
    expect(await failure(ask(guess.href, 'select 1'))).to.match(/password authentication failed/);
    expect((await stat(path.join(folder, 'postgres', 'password'))).mode & 0o777).to.equal(0o600);
  });

  it('keeps the data over a restart', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(isRunning(first.pid)).to.equal(false);

    const second = await start();
    expect(await ask(second.url, 'select answer from kept')).to.equal(42);
  });

  it('stops twice without complaint, also at once', async () => {
    const server = await start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(isRunning(server.pid)).to.equal(false);
  });

  it('refuses a directory that another server runs on, naming its pid', async () => {
    const first = await start();
    expect(await failure(start())).to.match(new RegExp(`in use.*pid ${first.pid}\\b`));
    expect(await ask(first.url, 'select 1 as answer')).to.equal(1);
  });

  it('shows what postgres wrote when it does not start', async () => {
    expect(await failure(start({ shared_buffers: 'plenty' }))).to.match(/invalid value.*"shared_buffers"/);
  });

  it('ends with its parent, killed with SIGKILL, and starts again on what is left', async () => {
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(new URL('../../src/dev/embedded-postgres.ts', import.meta.url).href)};
      const server = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(path.join(folder, 'postgres'))} });
      console.log(server.pid);
      setInterval(() => {}, 1000);
    `;
    const file = path.join(folder, 'parent.mts');
    await writeFile(file, script);
    const parent = spawn(process.execPath, ['--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    expect(isRunning(pid)).to.equal(true);

    parent.kill('SIGKILL');
    await untilEnded([pid], 5000);
    const { url } = await start();
    expect(await ask(url, 'select answer from kept')).to.equal(42);
  });

  it('names an empty password, and begins anew without one, but never beside data', async () => {
    const postgres = path.join(folder, 'interrupted');
    const password = path.join(postgres, 'password');
    await mkdir(postgres);
    await writeFile(password, '');
    expect(await failure(startEmbeddedPostgres({ dataDirectory: postgres }))).to.contain(
      `${password} holds no password: remove it`,
    );
    await rm(password);
    const server = await startEmbeddedPostgres({ dataDirectory: postgres });
    stops.push(() => server.stop());
    expect(await ask(server.url, 'select 1 as answer')).to.equal(1);
    expect((await stat(password)).mode & 0o777).to.equal(0o600);
    expect(await readdir(postgres)).to.have.members(['data', 'password']);
    await server.stop();
    await writeFile(password, '');
    expect(await failure(startEmbeddedPostgres({ dataDirectory: postgres }))).to.contain(
      'no password for the data beside it',
    );
  });

  it('refuses data of another major version', async () => {
    const server = await start();
    await server.stop();
    const file = path.join(folder, 'postgres', 'data', 'PG_VERSION');
    await writeFile(file, '9\n');
    expect(await failure(start())).to.match(/made by PostgreSQL 9, and this is PostgreSQL \d+/);
  });
});

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ answer: unknown }>(statement).finally(() => client.end());
  return rows[0]?.answer;
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
}
