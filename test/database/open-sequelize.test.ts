import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import sinon from 'sinon';
import { openSequelize } from '../../src/database/open-sequelize.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import { createMigratedInstance, createTestInstance, rejection, until } from '../fluentmeet/test-instance.js';
import { createDatabase } from '../support/postgres.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** One message of PostgreSQL's protocol: its type, its length, its content. */
function message(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(content)]);
}

/** The same database, everything later by so much each way. */
async function behindDelay(
  connectionString: string,
  delayMs: number,
): Promise<{ proxy: TcpProxy; url: string }> {
  const url = new URL(connectionString);
  const proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
  await proxy.setMode({ delayMs });
  url.port = String(proxy.port);
  return { proxy, url: url.href };
}

describe("the module's own connections", () => {
  let server: Server;
  before(async () => {
    // A server that goes down as soon as a client is in: all of it in one packet.
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const welcome = [message('R', '\0\0\0\0'), message('Z', 'I')];
        socket.end(Buffer.concat([...welcome, message('E', 'SFATAL\0C57P01\0Mgoing down\0\0')]));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  it('survive a server that goes down in the moment in which they are opened', async () => {
    const { port } = server.address() as AddressInfo;
    const instance = createTestInstance(`postgres://app@127.0.0.1:${port}/app`);
    const lookup = instance.fluentmeet.findUserByEmail('ada@example.com');
    expect(await rejection(lookup)).to.be.instanceOf(ServiceUnavailableError);
    await instance.fluentmeet.stop();
  });

  it('write no statement to the console, neither the first nor those of a signup and a look-up', async () => {
    const written = sinon.stub(console, 'log');
    try {
      const instance = await createMigratedInstance();
      const { email } = await instance.register('ada');
      expect(await instance.fluentmeet.findUserByEmail(email)).to.include({ email });
      await instance.stop();
      expect(written.args).to.deep.equal([]);
    } finally {
      written.restore();
    }
  });

  it('are told to log no SQL, also what does not go through a view of ours', () => {
    const { sequelize } = openSequelize('postgres://app@127.0.0.1/app', {
      databasePoolSize: 1,
      databaseQueryTimeout: 1_000,
    });
    expect(sequelize).to.have.nested.property('options.logging', false);
  });

  it('are closed, and end, where the database accepts them and never answers', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      socket.resume();
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const instance = createTestInstance(`postgres://app@127.0.0.1:${port}/app`, { databasePoolSize: 2 });
    const started = performance.now();
    const errors = await Promise.all([1, 2, 3, 4].map(() => rejection(instance.query('select 1'))));
    for (const error of errors) expect(error).to.be.instanceOf(ServiceUnavailableError);
    expect(performance.now() - started).to.be.below(8_000);
    expect(sockets.size).to.be.at.most(2);
    await instance.fluentmeet.stop();
    expect(performance.now() - started).to.be.below(12_000);
    await until(() => sockets.size === 0, 'every connection is closed');
    silent.close();
  });

  it('end where the database is let in and then says nothing more', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      socket.once('data', () => socket.write(Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')])));
    }).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const instance = createTestInstance(`postgres://app@127.0.0.1:${port}/app`, {
      databaseQueryTimeout: 300,
    });
    expect(await rejection(instance.query('select 1'))).to.be.instanceOf(ServiceUnavailableError);
    const pending = rejection(instance.query('select 1'));
    await instance.fluentmeet.stop();
    expect(await pending).to.be.an('error');
    await until(() => sockets.size === 0, 'every connection is closed');
    mute.close();
  });

  it('are waited for with the patience of a statement, where the database is far away', async () => {
    const owner = await createMigratedInstance();
    const { proxy, url } = await behindDelay(owner.url, 250);
    const far = createTestInstance(url);
    try {
      const started = performance.now();
      expect(await far.query('select 1 as one')).to.deep.equal([{ one: 1 }]);
      // Longer than the default would have waited.
      expect(performance.now() - started).to.be.above(1_000);
    } finally {
      await far.stop();
      await proxy.stop();
      await owner.stop();
    }
  });

  it('are waited for once more by a migration, with which a host begins', async () => {
    const database = await createDatabase();
    const { proxy, url } = await behindDelay(database.url, 300);
    const far = createTestInstance(url, { databaseQueryTimeout: 1_500 });
    try {
      // Nearer once the first wait was in vain: the migrations are many statements.
      const nearer = delay(1_100).then(() => proxy.setMode('pass'));
      expect(await far.fluentmeet.migrate()).not.to.be.empty;
      await nearer;
    } finally {
      await far.stop();
      await proxy.stop();
      await database.drop();
    }
  });

  it('are no more than the pool has, and none is left behind, where the database gives a statement no time', async () => {
    const owner = await createMigratedInstance();
    const name = new URL(owner.url).pathname.slice(1);
    // What Sequelize asks on a new connection of its own takes longer.
    await owner.query(`alter database ${name} set statement_timeout = '1ms'`);
    await owner.query(`alter database ${name} set idle_in_transaction_session_timeout = '1ms'`);
    const instance = createTestInstance(owner.url, { databasePoolSize: 2 });
    await Promise.all(['ada', 'grace', 'mary'].map((one) => instance.register(one)));
    const count = async () =>
      (
        await owner.query<{ count: number }>(
          `select count(*)::integer as count from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`,
        )
      )[0]!.count;
    expect(await count()).to.be.within(1, 3);
    await instance.fluentmeet.stop();
    await until(async () => (await count()) === 0, 'none is left');
    await owner.stop();
  });
});
