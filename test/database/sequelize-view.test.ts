import { expect } from 'chai';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import sinon from 'sinon';
import { ServiceUnavailableError } from '../../src/errors.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
  until,
} from '../fluentmeet/test-instance.js';

const emailsOf = (count: number) => Array.from({ length: count }, (_, index) => `race${index}@example.com`);

/** A connection of the test's own, beside those of the instance. */
async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

async function sessions(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `select count(*)::integer as count from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  return rows[0].count;
}

for (const isolation of ['serializable', 'repeatable read']) {
  for (const whose of ["the module's own", "a host's"] as const) {
    describe(`on ${whose} connection to a database whose default is ${isolation}`, () => {
      let url: string;
      let owner: TestInstance;
      let host: Sequelize | undefined;
      let instances: TestInstance[];
      before(async () => {
        const migrated = await createMigratedInstance();
        ({ url } = migrated);
        owner = migrated;
        const name = new URL(url).pathname.slice(1);
        await owner.query(`alter database ${name} set default_transaction_isolation = '${isolation}'`);
        if (whose === "a host's") host = new Sequelize(url, { logging: false, pool: { max: 10 } });
        instances = [0, 1].map(() => createTestInstance(host ?? url));
      });
      after(async () => {
        for (const instance of instances) await instance.stop();
        await host?.close();
        await owner.stop();
      });

      it('gives each of twenty addresses that come twice at once one account and one refusal', async () => {
        const signUpAll = (emails: readonly string[]) =>
          Promise.allSettled(
            instances.flatMap(({ fluentmeet }) =>
              emails.map((email) => fluentmeet.signUp({ email, password: canaryPassword })),
            ),
          );
        // No more at once than have a connection: the others would have a second to get one, whatever else this machine does.
        const emails = emailsOf(20);
        const outcomes = [...(await signUpAll(emails.slice(0, 10))), ...(await signUpAll(emails.slice(10)))];
        const codes = outcomes.map((one) => (one.status === 'fulfilled' ? 201 : one.reason.code));
        expect(codes.filter((code) => code === 201)).to.have.lengthOf(20);
        expect(codes.filter((code) => code === 'EMAIL_ALREADY_REGISTERED')).to.have.lengthOf(20);
      });

      it('publishes each email once with two relays, and verifies once of twenty clicks', async () => {
        for (const { fluentmeet } of instances) await fluentmeet.start();
        await until(
          async () => (await owner.fluentmeet.stats()).emails.pending === 0,
          'every email was published',
        );
        expect(instances.flatMap(({ publisher }) => publisher.published)).to.have.lengthOf(20);
        expect(instances.flatMap(({ events }) => events)).not.to.include('relay.away');
        const ada = await instances[0]!.register('ada');
        const clicks = await Promise.all(
          Array.from({ length: 20 }, (_, index) => instances[index % 2]!.fluentmeet.verifyEmail(ada.token)),
        );
        expect(clicks.filter(({ status }) => status === 'verified')).to.have.lengthOf(1);
        expect(clicks.filter(({ status }) => status === 'already-verified')).to.have.lengthOf(19);
      });
    });
  }
}

for (const whose of ["the module's own", "a host's"] as const) {
  describe(`a table that somebody locks, on ${whose} connection`, () => {
    it('costs each its 503 in time, no more sessions than the pool has, and nothing is carried out late', async () => {
      const owner = await createMigratedInstance();
      const host =
        whose === "a host's"
          ? new Sequelize(owner.url, { logging: false, pool: { max: 4, acquire: 1000 } })
          : undefined;
      const instance = createTestInstance(host ?? owner.url, {
        databasePoolSize: 4,
        databaseQueryTimeout: 600,
      });
      try {
        await instance.register('before');
        const before = await instance.fluentmeet.prepareSignUp({
          email: 'late@example.com',
          password: canaryPassword,
        });
        await owner.fluentmeet.stop();
        await withClient(owner.url, async (watcher) => {
          await withClient(owner.url, async (ddl) => {
            await ddl.query('begin; lock table users in access exclusive mode');
            const started = performance.now();
            const work = [
              instance.fluentmeet.signUp(before),
              ...emailsOf(20).map((email) => instance.fluentmeet.signUp({ email, password: canaryPassword })),
              ...Array.from({ length: 20 }, () =>
                instance.fluentmeet.verifyEmail('0193f0a0-0000-8000-8000-000000000000'),
              ),
            ];
            let most = 0;
            const watching = setInterval(() => {
              void sessions(watcher).then((count) => (most = Math.max(most, count)));
            }, 50);
            const outcomes = await Promise.allSettled(work);
            clearInterval(watching);
            for (const one of outcomes) {
              expect(one).to.have.property('reason').that.is.instanceOf(ServiceUnavailableError);
            }
            expect(performance.now() - started).to.be.below(8_000);
            // The lock's own session is one more.
            expect(most).to.be.within(2, 5);
            await ddl.query('rollback');
          });
          await instance.query('select pg_sleep(0.3)');
          const { rows } = await watcher.query('select email from users');
          expect(rows).to.deep.equal([{ email: 'before@example.com' }]);
        });
        await instance.register('after');
      } finally {
        await instance.stop();
        await host?.close();
        await owner.stop();
      }
    });
  });
}

describe('a server that can do no more for us', () => {
  for (const [what, sql, sqlState] of [
    ['is read-only', 'create table if not exists never (id int)', '25006'],
    [
      'says that it is in recovery',
      "do $$ begin raise exception 'no' using errcode = '55000'; end $$",
      '55000',
    ],
    ['says that it goes down', "do $$ begin raise exception 'no' using errcode = '57P01'; end $$", '57P01'],
    ['has lost a file', "do $$ begin raise exception 'no' using errcode = '58P01'; end $$", '58P01'],
  ] as const) {
    it(`loses its connection where it ${what}, so that another is made`, async () => {
      const instance = await createMigratedInstance({ databasePoolSize: 1 });
      const pid = async () =>
        (await instance.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid;
      const first = await pid();
      expect(await pid()).to.equal(first);
      if (sqlState === '25006') await instance.query('set default_transaction_read_only = on');
      const error = await rejection(instance.query(sql));
      expect(error.sqlState).to.equal(sqlState);
      expect(await pid()).not.to.equal(first);
      await instance.register('ada');
      await instance.stop();
    });
  }

  it('keeps its connection where only the statement was wrong', async () => {
    const instance = await createMigratedInstance({ databasePoolSize: 1 });
    const pid = () => instance.query('select pg_backend_pid() as pid');
    const before = await pid();
    await rejection(instance.query('select * from nowhere'));
    await rejection(instance.query('select 1/0'));
    expect(await pid()).to.deep.equal(before);
    await instance.stop();
  });

  it('is told of by our error alone: Sequelize writes nothing to stderr where a transaction cannot end', async () => {
    const instance = await createMigratedInstance();
    const warn = sinon.stub(console, 'warn');
    try {
      for (const last of ['throw', 'commit']) {
        const error = await rejection(
          instance.context.database.transaction(async (transaction) => {
            await instance.context.database
              .query('select pg_terminate_backend(pg_backend_pid())', [], transaction)
              .catch(() => undefined);
            if (last === 'throw') throw new Error('the work');
          }),
        );
        if (last === 'throw') expect(error.message).to.equal('the work');
        else expect(error).to.be.instanceOf(ServiceUnavailableError).and.include({ outcomeUnknown: true });
      }
      sinon.assert.notCalled(warn);
    } finally {
      warn.restore();
      await instance.stop();
    }
  });
});

describe('a transaction of ours', () => {
  let instance: TestInstance & { url: string };
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  it('runs again where it lost a deadlock', async () => {
    await instance.register('ada');
    await instance.register('grace');
    const { database } = instance.context;
    let attempts = 0;
    const lock = (name: string, transaction: never) =>
      database.query('select from users where email = $1 for update', [`${name}@example.com`], transaction);
    let arrived = 0;
    let meet = (): void => undefined;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const work = (names: string[]) =>
      database.transaction(async (transaction) => {
        attempts += 1;
        await lock(names[0]!, transaction as never);
        if (++arrived === 2) meet();
        await both;
        await lock(names[1]!, transaction as never);
      });
    await Promise.all([work(['ada', 'grace']), work(['grace', 'ada'])]);
    expect(attempts).to.be.within(3, 4);
  });

  it('has its limits in its savepoints too, ours and Sequelize’s', async () => {
    const { database, models } = instance.context;
    const sent = sinon.spy(pg.Client.prototype, 'query');
    try {
      for (const unlimited of [false, true]) {
        sent.resetHistory();
        await database.transaction(
          async (transaction) => {
            await database.transaction((own) => database.query('select 1', [], own), transaction);
            await models.User.sequelize!.transaction({ transaction }, (own) =>
              database.query('select 2', [], own),
            );
          },
          undefined,
          { unlimited },
        );
        const statements = sent.args.map(
          ([one]) => one as unknown as { text: string; query_timeout?: number },
        );
        const isOurs = ({ text }: { text: string }) => text.startsWith('savepoint fluentmeet');
        expect(statements.filter(isOurs), 'savepoints of ours').to.have.lengthOf(1);
        for (const text of ['select 1', 'select 2']) {
          const statement = statements.find((one) => one.text === text);
          expect(statement, text).to.have.property('text');
          expect(statement!.query_timeout !== undefined).to.equal(!unlimited);
        }
      }
    } finally {
      sent.restore();
    }
  });

  it('is no success where a statement in it failed and the work went on: PostgreSQL rolls it back', async () => {
    const { database } = instance.context;
    const afterwards = sinon.stub().rejects(new Error('what a host left for after the commit'));
    const work = database.transaction(async (transaction) => {
      transaction.afterCommit(afterwards);
      await database.query('create table undone ()', [], transaction);
      await database.query('select 1/0', [], transaction).catch(() => undefined);
    });
    expect(await rejection(work)).to.include({ code: 'DATABASE_ERROR', sqlState: '25P02' });
    expect(await database.query(`select to_regclass('undone') as undone`)).to.deep.equal([{ undone: null }]);
    expect(await database.transaction(async () => 'the next one')).to.equal('the next one');
  });

  it('commits nothing once nobody waits for it any more', async () => {
    const { database } = instance.context;
    const error = await rejection(
      database.transaction(
        (transaction) => database.query('delete from users returning id', [], transaction),
        undefined,
        { until: performance.now() - 1 },
      ),
    );
    expect(error).to.be.instanceOf(ServiceUnavailableError).and.include({ outcomeUnknown: false });
    expect(await instance.query('select from users')).to.have.lengthOf(2);
  });
});

describe("a host's logging of SQL", () => {
  it('hears none of our statements: they carry hashes and addresses', async () => {
    const owner = await createMigratedInstance();
    const logging = sinon.spy();
    const host = new Sequelize(owner.url, { logging });
    try {
      const instance = createTestInstance(host);
      const { email } = await instance.register('ada');
      expect(await instance.fluentmeet.findUserByEmail(email)).to.include({ email });
      await host.transaction(async (transaction) => {
        const input = { email: 'grace@example.com', password: canaryPassword };
        const prepared = await instance.fluentmeet.prepareSignUp(input);
        await instance.fluentmeet.signUp(prepared, { transaction });
      });
      await instance.stop();
      const heard = logging.args.map(([line]) => String(line)).join('\n');
      // The transaction is the host's own, and so is what it hears of it.
      expect(heard).to.match(/START TRANSACTION/i);
      expect(heard).not.to.match(/insert|select \*|example\.com|users/i);
    } finally {
      await host.close();
      await owner.stop();
    }
  });
});

describe("a savepoint in a host's transaction", () => {
  for (const outcome of ['a signup', 'an address that was taken meanwhile'] as const) {
    it(`is gone after ${outcome}, and the transaction goes on`, async () => {
      const owner = await createMigratedInstance();
      const host = new Sequelize(owner.url, { logging: false });
      const sent = sinon.spy(pg.Client.prototype, 'query');
      try {
        const instance = createTestInstance(host);
        const input = { email: 'ada@example.com', password: canaryPassword };
        const prepared = await instance.fluentmeet.prepareSignUp(input);
        if (outcome !== 'a signup') await instance.register('ada');
        const transaction = await host.transaction();
        sent.resetHistory();
        const signUp = instance.fluentmeet.signUp(prepared, { transaction });
        if (outcome === 'a signup') await signUp;
        else expect((await rejection(signUp)).code).to.equal('EMAIL_ALREADY_REGISTERED');
        const texts = sent.args.map(([statement]) => (statement as unknown as { text?: string }).text ?? '');
        const [name] = texts.flatMap((text) => /^savepoint (\w+)/.exec(text)?.[1] ?? []);
        await host.query('select 1', { transaction });
        const found = await host.query(`rollback to savepoint ${name}`, { transaction }).then(
          () => 'found',
          (error: { parent: { code: string } }) => error.parent.code,
        );
        await transaction.rollback();
        expect(found, 'invalid_savepoint_specification').to.equal('3B001');
        await instance.stop();
      } finally {
        sent.restore();
        await host.close();
        await owner.stop();
      }
    });
  }
});
