import { connect } from 'node:net';

import { expect } from 'chai';
import pg from 'pg';

import { until } from '../fluentmeet/test-instance.js';
import { createDatabase, startOwnPostgres, type OwnPostgres } from './postgres.js';
import { requireOwnRedis, type OwnRedis } from './redis.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

describe('the PostgreSQL of the tests', function () {
  this.timeout(60_000);

  it('gives each caller a database of its own, and takes it back with connections open', async () => {
    const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
    await ask(one.url, 'create table t as select 1');
    expect(await failure(ask(two.url, 'select * from t'))).to.contain('does not exist');

    const open = new pg.Client({ connectionString: one.url });
    open.on('error', () => undefined);
    await open.connect();
    await Promise.all([one.drop(), two.drop()]);
    expect(await failure(ask(one.url, 'select 1'))).to.contain('does not exist');
  });
});

describe('a PostgreSQL of the test’s own', function () {
  this.timeout(60_000);
  let postgres: OwnPostgres;
  before(async () => {
    postgres = await startOwnPostgres();
  });
  after(() => postgres?.stop());

  it('keeps its address and committed data over a crash', async () => {
    await ask(postgres.url, 'create table kept as select 1 as answer');
    const pid = postgres.pid;
    await postgres.kill();
    expect(await failure(ask(postgres.url, 'select 1'))).to.contain('ECONNREFUSED');
    await postgres.restart();
    expect(postgres.pid).to.not.equal(pid);
    expect(await ask(postgres.url, 'select answer from kept')).to.equal(1);
  });

  it('falls silent when frozen, backends included, and goes on when thawed', async () => {
    const client = new pg.Client({ connectionString: postgres.url, query_timeout: 300 });
    await client.connect();
    postgres.freeze();
    expect(await failure(client.query('select 1'))).to.contain('timeout');
    postgres.thaw();
    await client.end();
    expect(await ask(postgres.url, 'select 1 as answer')).to.equal(1);
  });

  it('stops also when frozen', async () => {
    postgres.freeze();
    await postgres.stop();
    await postgres.restart();
    expect(await ask(postgres.url, 'select 1 as answer')).to.equal(1);
  });
});

describe('a Redis of the test’s own, behind a proxy', () => {
  let redis: OwnRedis;
  let proxy: TcpProxy;
  before(async function () {
    redis = await requireOwnRedis(this);
    proxy = await startProxy({ host: '127.0.0.1', port: redis.port });
  });
  after(async () => {
    await proxy?.stop();
    await redis?.stop();
  });
  afterEach(() => proxy.setMode('pass'));

  it('answers through the proxy, later by what it was told', async () => {
    expect(await send(proxy.port, 'PING', 20_000)).to.equal('+PONG\r\n');
    await proxy.setMode({ delayMs: 150 });
    const start = performance.now();
    expect(await send(proxy.port, 'PING', 20_000)).to.equal('+PONG\r\n');
    // A timer counts from the beginning of the turn that sets it.
    expect(performance.now() - start).to.be.at.least(250);
  });

  it('is silent behind a frozen proxy, which gives out later what came meanwhile', async () => {
    await proxy.setMode('freeze');
    expect(await send(proxy.port, 'PING')).to.equal('silence');
    const late = send(proxy.port, 'PING', 20_000);
    await until(() => proxy.isHolding, 'it came as far as the proxy');
    await proxy.setMode('pass');
    expect(await late).to.equal('+PONG\r\n');
  });

  it('gets the request when its reply is dropped', async () => {
    await proxy.setMode('drop-replies');
    expect(await send(proxy.port, 'SET dropped yes')).to.equal('silence');
    await until(
      async () => (await send(redis.port, 'GET dropped', 20_000)) === '$3\r\nyes\r\n',
      'it was set',
    );
  });

  it('cannot be reached while the proxy refuses', async () => {
    await proxy.setMode('refuse');
    expect(await failure(send(proxy.port, 'PING'))).to.contain('ECONNREFUSED');
  });

  it('comes back on its port after a crash', async () => {
    await redis.kill();
    expect(await failure(send(redis.port, 'PING'))).to.contain('ECONNREFUSED');
    await redis.start();
    expect(await send(redis.port, 'PING', 20_000)).to.equal('+PONG\r\n');
  });
});

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ answer: unknown }>(statement).finally(() => client.end());
  return rows[0]?.answer;
}

/** The first reply, or `silence`. */
function send(port: number, command: string, timeoutMs = 300): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    const timer = setTimeout(() => finish('silence'), timeoutMs);
    const finish = (reply: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    socket.once('data', (data) => finish(data.toString()));
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
}
