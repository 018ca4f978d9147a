import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import sinon from 'sinon';
import { InvalidOptionsError, ServiceUnavailableError } from '../src/errors.js';
import { createFluentMeet, internalsOf } from '../src/fluentmeet.js';
import { canaryLogger, canaryPassword } from './fluentmeet/canary.js';
import {
  createFakePublisher,
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
  testOptions,
  until,
} from './fluentmeet/test-instance.js';

const nowhere = 'postgres://postgres@127.0.0.1:1/nowhere';

describe('createFluentMeet', () => {
  it('opens nothing: no connection, no timer, no signal handler', async () => {
    const before = {
      handles: process.getActiveResourcesInfo().length,
      sigterm: process.listenerCount('SIGTERM'),
    };
    const publisher = createFakePublisher();
    const spies = [sinon.spy(publisher, 'publish'), sinon.spy(publisher, 'check')];
    createFluentMeet({ ...testOptions, database: nowhere, publisher, logger: canaryLogger() });
    expect(process.getActiveResourcesInfo().length).to.equal(before.handles);
    expect(process.listenerCount('SIGTERM')).to.equal(before.sigterm);
    for (const spy of spies) sinon.assert.notCalled(spy);
  });

  it('refuses wrong options at once', () => {
    expect(() => createFluentMeet({ ...testOptions, database: nowhere })).to.throw(
      InvalidOptionsError,
      'publisher',
    );
  });

  it('warns of a bcrypt cost that is for tests, and of no other', () => {
    for (const [cost, events] of [
      [9, ['config.weak-bcrypt-cost']],
      [10, []],
    ] as const) {
      const logger = canaryLogger();
      createFluentMeet({ ...testOptions, database: nowhere, publisher: 'none', bcryptCost: cost, logger });
      expect(logger.events).to.deep.equal(events);
    }
  });

  it('tells its internals only of an instance that it made', () => {
    const instance = createFluentMeet({
      ...testOptions,
      database: nowhere,
      publisher: 'none',
      logger: canaryLogger(),
    });
    expect(internalsOf(instance).config.bcryptCost).to.equal(4);
    expect(() => internalsOf({ ...instance })).to.throw(TypeError);
  });

  it('gives nothing of the secret or the connection string away to whoever prints an instance', () => {
    const instance = createFluentMeet({
      ...testOptions,
      database: 'postgres://me:Kennwort-4711@127.0.0.1:1/app',
      publisher: 'none',
      logger: canaryLogger(),
    });
    expect(JSON.stringify(instance)).not.to.include('Kennwort-4711').and.not.to.include(testOptions.secret);
  });
});

describe('the library', function () {
  this.timeout(60_000);
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));

  function run(script: string, ...args: string[]) {
    return spawnSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', script, ...args], {
      encoding: 'utf8',
      timeout: 50_000,
    });
  }

  it('does nothing on import: no handle, no listener, no global, no output, and the process ends by itself', () => {
    const { status, stdout, stderr } = run(`
      // A loader of TypeScript has connections of its own, a newer Node's more of them.
      const resources = () => process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FSReq/.test(name));
      const loaders = resources().length;
      const before = [Object.keys(globalThis).length, process.eventNames().length, JSON.stringify(process.env)];
      await import(${JSON.stringify(entry)});
      // zod's two are zod's own.
      const globals = Object.keys(globalThis).filter((name) => !name.startsWith('__zod_'));
      const after = [globals.length, process.eventNames().length, JSON.stringify(process.env)];
      console.log(JSON.stringify([before.join() === after.join(), resources().slice(loaders)]));
    `);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal([true, []]);
    expect(status).to.equal(0);
  });

  it('lets the process end by itself after stop(), relay, connections and all', async () => {
    const instance = await createMigratedInstance();
    try {
      const output = execFileSync(
        process.execPath,
        [
          '--import=tsx',
          '--input-type=module',
          '-e',
          `
          const { createFluentMeet } = await import(${JSON.stringify(entry)});
          const published = [];
          const instance = createFluentMeet({ database: process.argv[1], publicUrl: 'https://app.example.com', secret: 'x'.repeat(32),
            bcryptCost: 10, publisher: { async publish(emails) { published.push(...emails); return emails.map(() => ({ status: 'published' })); }, async check() {}, async close() {} } });
          await instance.start();
          await instance.signUp({ email: 'ada@example.com', password: 'MyStr0ngP@ss!' });
          while (published.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
          await instance.stop();
          console.log('stopped');
        `,
          instance.url,
        ],
        { encoding: 'utf8', timeout: 50_000 },
      );
      expect(output).to.equal('stopped\n');
    } finally {
      await instance.stop();
    }
  });
});

describe('an instance', () => {
  let instance: TestInstance & { url: string };
  beforeEach(async () => (instance = await createMigratedInstance()));
  afterEach(() => instance.stop());

  it('starts its relay once, however often it is told to', async () => {
    await instance.fluentmeet.start();
    await instance.fluentmeet.start();
    expect((await instance.fluentmeet.stats()).relay).to.deep.equal({
      state: 'running',
      lastError: undefined,
    });
  });

  it('starts while the database is away, and its relay waits for it', async () => {
    const away = createTestInstance(nowhere);
    try {
      await away.fluentmeet.start();
      await until(() => away.context.relay.state === 'away', 'the relay away');
      expect(away.context.relay.lastError).to.include('ECONNREFUSED');
      expect(await rejection(away.fluentmeet.stats())).to.be.instanceOf(ServiceUnavailableError);
    } finally {
      await away.stop();
    }
  });

  it('stops once, however often it is told to, and publishes nothing after that', async () => {
    const stopRelay = sinon.spy(instance.context.relay, 'stop');
    const close = sinon.spy(instance.context.database, 'close');
    await instance.fluentmeet.start();
    await Promise.all([instance.fluentmeet.stop(), instance.fluentmeet.stop()]);
    await instance.fluentmeet.stop();
    sinon.assert.calledOnce(stopRelay);
    sinon.assert.calledOnce(close);
    expect(instance.context.relay.state).to.equal('stopped');
    expect((await rejection(instance.fluentmeet.start())).message).to.include('make another');
    expect(instance.context.relay.state).to.equal('stopped');
  });

  it('says of every call after stop() that it was stopped', async () => {
    const { fluentmeet } = instance;
    await fluentmeet.stop();
    for (const call of [
      () => fluentmeet.stats(),
      () => fluentmeet.migrate(),
      () => fluentmeet.findUserByEmail('ada@example.com'),
      () => fluentmeet.signUp({ email: 'ada@example.com', password: 'correct horse battery staple' }),
      () => fluentmeet.models.User.findByPk(1),
      () => fluentmeet.models.User.destroy({ where: {} }),
    ]) {
      const error = await rejection(call());
      expect(error).to.include({ code: 'SERVICE_UNAVAILABLE', outcomeUnknown: false });
      expect((error.cause as Error).message).to.contain('This instance was stopped');
    }
  });

  it('closes the publisher that it made, and not one that was handed in', async () => {
    const close = sinon.spy(instance.publisher, 'close');
    await instance.fluentmeet.stop();
    sinon.assert.notCalled(close);
  });

  it('closes one that came from this package, to which nobody else need hold a reference', async () => {
    const publisher = { publish: sinon.stub(), adopt: sinon.spy(), close: sinon.spy() };
    const other = createTestInstance(instance.url, { publisher });
    sinon.assert.calledOnce(publisher.adopt);
    await other.fluentmeet.stop();
    sinon.assert.calledOnce(publisher.close);
    await other.stop();
  });

  it('leaves publishing to others where it has no publisher', async () => {
    const other = createTestInstance(instance.url, { publisher: 'none' });
    await other.fluentmeet.start();
    const ada = await other.register('ada');
    expect((await other.fluentmeet.stats()).relay).to.deep.equal({ state: 'none', lastError: undefined });
    expect((await other.fluentmeet.stats()).emails.pending).to.equal(1);
    await other.stop();
    await instance.fluentmeet.start();
    await until(() => instance.publisher.published.length === 1, 'the other one published it');
    expect(instance.publisher.published[0]!.key).to.equal(String(ada.id));
  });

  it('finds an account by its address in any spelling, and no other', async () => {
    const ada = await instance.register('ada');
    const found = await instance.fluentmeet.findUserByEmail('  ADA@Example.com ');
    expect(found).to.include({ id: ada.id, email: 'ada@example.com', is_verified: false });
    expect(JSON.stringify(found)).not.to.match(/\$2b\$|password/);
    for (const other of ['grace@example.com', 'not an address', '', "' or true --"]) {
      expect(await instance.fluentmeet.findUserByEmail(other)).to.equal(null);
    }
  });

  it('counts the passwords that wait to be hashed', async () => {
    let finish = (): void => undefined;
    const hash = sinon.stub(bcrypt, 'hash');
    hash.returns(new Promise((resolve) => (finish = () => resolve('a hash'))) as never);
    const hashing = instance.context.hasher.hash(canaryPassword);
    hash.restore();
    expect((await instance.fluentmeet.stats()).passwordsPending).to.equal(1);
    finish();
    await hashing;
    expect((await instance.fluentmeet.stats()).passwordsPending).to.equal(0);
  });

  it('hands out emails again when they are replayed, and wakes its relay for them', async () => {
    const ada = await instance.register('ada');
    await instance.query(`update email_outbox set status = 'dead'`);
    await instance.fluentmeet.start();
    const wake = sinon.spy(instance.context.relay, 'wake');
    const { replayed } = await instance.fluentmeet.replayEmails();
    sinon.assert.calledOnce(wake);
    expect(replayed.map(({ id }) => String(id))).to.deep.equal([ada.outboxId]);
    await until(() => instance.publisher.published.length === 1, 'it was published');
  });

  it('signs nobody up by an option that there is not: of a misspelt transaction the host would not know', async () => {
    const input = { email: 'misspelt@example.com', password: canaryPassword };
    const prepared = await instance.fluentmeet.prepareSignUp(input);
    for (const [options, fault] of [
      [{ transactoin: {} }, 'signUp: there is no option transactoin (did you mean transaction?)'],
      [{ key: {} }, 'signUp: there is no option key'],
      [{ transaction: 'host' }, "signUp.transaction: must be a transaction of the host's Sequelize"],
      [{ transaction: {} }, "signUp.transaction: must be a transaction of the host's Sequelize"],
    ] as const) {
      const error = await rejection(instance.fluentmeet.signUp(prepared, options as never));
      expect(error.message).to.equal(`Invalid options: ${fault}`);
    }
    const options = { transaction: null as never, client: undefined };
    expect(await instance.fluentmeet.signUp(prepared, options)).to.include({ email: input.email });
  });

  it('lets a client of the host hold a quarter of the places for hashing', async () => {
    const other = createTestInstance(instance.url, { bcryptCost: 12, hashConcurrency: 1 });
    try {
      const ten = Array.from({ length: 10 }, (_, index) => {
        const input = { email: `person${index}@example.com`, password: canaryPassword };
        return other.fluentmeet.signUp(input, { client: '192.0.2.7' });
      });
      const refused = (await Promise.allSettled(ten)).filter(({ status }) => status === 'rejected');
      expect(refused).to.have.lengthOf(2);
    } finally {
      await other.stop();
    }
  });

  it('prepares a signup outside a transaction, and writes it once', async () => {
    const prepared = await instance.fluentmeet.prepareSignUp({
      email: 'ada@example.com',
      password: canaryPassword,
    });
    expect(await instance.fluentmeet.findUserByEmail('ada@example.com')).to.equal(null);
    expect(await instance.fluentmeet.signUp(prepared)).to.include({ email: 'ada@example.com' });
    expect((await rejection(instance.fluentmeet.signUp(prepared))).code).to.equal('EMAIL_ALREADY_REGISTERED');
  });
});
