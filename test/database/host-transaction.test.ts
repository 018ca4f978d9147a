import { expect } from 'chai';
import { Sequelize, type Transaction } from 'sequelize';
import type { PreparedSignUp } from '../../src/signup/prepare-sign-up.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
} from '../fluentmeet/test-instance.js';

describe("several calls at once in a host's transaction", () => {
  let owner: TestInstance & { url: string };
  let host: Sequelize;
  let instance: TestInstance;
  let other: TestInstance;
  before(async () => {
    owner = await createMigratedInstance();
    await owner.query('create table host_rows (name text)');
    host = new Sequelize(owner.url, { logging: false });
    instance = createTestInstance(host);
    other = createTestInstance(host, { databaseSchema: 'other' });
    await other.fluentmeet.migrate();
  });
  after(async () => {
    await other.stop();
    await instance.stop();
    await host.close();
    await owner.stop();
  });

  let people = 0;
  const prepare = (of = instance): Promise<PreparedSignUp> =>
    of.fluentmeet.prepareSignUp({ email: `person${++people}@example.com`, password: canaryPassword });

  /** Of an address that is taken by the time it is signed up. */
  async function prepareTaken(): Promise<PreparedSignUp> {
    const prepared = await prepare();
    await instance.register(`person${people}`);
    return prepared;
  }

  const signUp = (prepared: PreparedSignUp, transaction: Transaction, of = instance) =>
    of.fluentmeet.signUp(prepared, { transaction });
  const codes = (outcomes: PromiseSettledResult<unknown>[]) =>
    outcomes.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code));

  /** A statement of the host's own, which fails in a transaction that was aborted. */
  const note = (name: string, transaction: Transaction) =>
    host.query('insert into host_rows values ($1)', { bind: [name], transaction });
  const isNoted = async (name: string) =>
    (await owner.query('select from host_rows where name = $1', [name])).length === 1;
  const accounts = async () =>
    Number((await owner.query<{ n: string }>('select count(*) as n from users'))[0]!.n);

  it('count and read at once, as findAndCountAll does', async () => {
    const { email } = await instance.register('counted');
    await host.transaction(async (transaction) => {
      const found = await instance.fluentmeet.models.User.findAndCountAll({ where: { email }, transaction });
      expect(found.count).to.equal(1);
      expect(found.rows[0]).to.include({ email });
      await note('counted', transaction);
    });
    expect(await isNoted('counted')).to.equal(true);
  });

  it('sign two free addresses up', async () => {
    const prepared = [await prepare(), await prepare(), await prepare()];
    const before = await accounts();
    await host.transaction(async (transaction) => {
      await Promise.all(prepared.map((one) => signUp(one, transaction)));
      await note('two free', transaction);
    });
    expect(await accounts()).to.equal(before + 3);
    expect(await isNoted('two free')).to.equal(true);
  });

  it('sign the others up where one address is taken, wherever it stands among them', async () => {
    for (const taken of [0, 1, 2]) {
      const prepared = [await prepare(), await prepare(), await prepare()];
      prepared[taken] = await prepareTaken();
      const before = await accounts();
      await host.transaction(async (transaction) => {
        const outcomes = await Promise.allSettled(prepared.map((one) => signUp(one, transaction)));
        const expected = ['done', 'done', 'done'];
        expected[taken] = 'EMAIL_ALREADY_REGISTERED';
        expect(codes(outcomes)).to.deep.equal(expected);
        await note(`taken ${taken}`, transaction);
      });
      expect(await accounts()).to.equal(before + 2);
      expect(await isNoted(`taken ${taken}`)).to.equal(true);
    }
  });

  it('keep what a model wrote beside a signup that was refused, and a statement that failed', async () => {
    const { id } = await instance.register('renamed');
    const taken = await prepareTaken();
    const { User } = instance.fluentmeet.models;
    await host.transaction(async (transaction) => {
      const outcomes = await Promise.allSettled([
        signUp(taken, transaction),
        User.update({ full_name: 'Ada' }, { where: { id }, transaction }),
        User.update({ speaking_language: 'fr' }, { where: { id }, transaction }),
        instance.context.database.query('select 1/0', [], transaction),
      ]);
      expect(codes(outcomes)).to.deep.equal(['EMAIL_ALREADY_REGISTERED', 'done', 'done', 'DATABASE_ERROR']);
    });
    expect(await User.findByPk(id)).to.include({ full_name: 'Ada', speaking_language: 'fr' });
  });

  it("give the host's session back between them as it was", async () => {
    const prepared = [await prepare(), await prepareTaken(), await prepare()];
    await host.transaction(async (transaction) => {
      await host.query(`set local datestyle = 'German, DMY'`, { transaction });
      await Promise.allSettled(prepared.map((one) => signUp(one, transaction)));
      const [found] = await host.query(`select current_setting('datestyle') as style`, { transaction });
      expect(found).to.deep.equal([{ style: 'German, DMY' }]);
    });
  });

  it('and what one left behind finds a session of ours as well', async () => {
    const { database } = instance.context;
    await host.transaction(async (transaction) => {
      await host.query(`set local datestyle = 'German, DMY'`, { transaction });
      const own = await database.transaction(async (given) => given, transaction);
      const [row] = await database.query<{ now: Date }>('select now()', [], own);
      expect(Math.abs(row!.now.getTime() - Date.now())).to.be.below(60_000);
    });
  });

  for (const end of ['throws', 'returns'] as const) {
    it(`and work that ${end} ends after what it left under way`, async () => {
      const { database } = instance.context;
      await host.transaction(async (transaction) => {
        let left: Promise<unknown> | undefined;
        const work = database.transaction(async (own) => {
          left = database.transaction((within) => database.query('select pg_sleep(0.05)', [], within), own);
          if (end === 'throws') throw new Error('at once');
        }, transaction);
        expect(codes(await Promise.allSettled([work]))).to.deep.equal([
          end === 'throws' ? undefined : 'done',
        ]);
        await left;
        await note(`work ${end}`, transaction);
      });
      expect(await isNoted(`work ${end}`)).to.equal(true);
    });
  }

  it('of two instances', async () => {
    const [one, two, taken] = [await prepare(), await prepare(other), await prepareTaken()];
    await host.transaction(async (transaction) => {
      const outcomes = await Promise.allSettled([
        signUp(taken, transaction),
        signUp(two, transaction, other),
        signUp(one, transaction),
      ]);
      expect(codes(outcomes)).to.deep.equal(['EMAIL_ALREADY_REGISTERED', 'done', 'done']);
      await note('two instances', transaction);
    });
    expect(await isNoted('two instances')).to.equal(true);
  });

  it("in savepoints of the host's own", async () => {
    const prepared = [await prepare(), await prepare(), await prepare()];
    const before = await accounts();
    await host.transaction(async (transaction) => {
      await Promise.all(
        prepared.map((one) => host.transaction({ transaction }, (nested) => signUp(one, nested))),
      );
      await note('savepoints', transaction);
    });
    expect(await accounts()).to.equal(before + 3);
    expect(await isNoted('savepoints')).to.equal(true);
  });

  it('leave a transaction that the host rolled back, and the next one on its connection, alone', async () => {
    const one = await prepare();
    const before = await accounts();
    const narrow = new Sequelize(owner.url, { logging: false, pool: { max: 1 } });
    const alone = createTestInstance(narrow);
    try {
      const transaction = await narrow.transaction();
      const signingUp = alone.fluentmeet.signUp(one, { transaction }).catch((error: unknown) => error);
      await Promise.all([signingUp, transaction.rollback()]);
      const late = await rejection(alone.fluentmeet.signUp(one, { transaction }));
      expect(late).to.be.instanceOf(Error);
      expect(await accounts()).to.equal(before);
      await narrow.transaction((next) => alone.fluentmeet.signUp(one, { transaction: next }));
      expect(await accounts()).to.equal(before + 1);
    } finally {
      await alone.stop();
      await narrow.close();
    }
  });

  it("nest: savepoints that a model's own Sequelize makes in it", async () => {
    const { User } = instance.fluentmeet.models;
    const { id } = await instance.register('nested');
    await host.transaction(async (transaction) => {
      const error = await rejection(
        User.sequelize!.transaction({ transaction }, async (nested) => {
          await User.update({ full_name: 'Gone' }, { where: { id }, transaction: nested });
          throw new Error('only this part');
        }),
      );
      expect(error.message).to.equal('only this part');
      await User.sequelize!.transaction({ transaction }, (nested) =>
        User.update({ speaking_language: 'de' }, { where: { id }, transaction: nested }),
      );
      await note('nested', transaction);
    });
    expect(await isNoted('nested')).to.equal(true);
    expect(await User.findByPk(id)).to.include({ full_name: null, speaking_language: 'de' });
  });

  it("leave the host's connection open where a savepoint of theirs cannot be ended", async () => {
    const narrow = new Sequelize(owner.url, { logging: false, pool: { max: 1 } });
    const alone = createTestInstance(narrow);
    const pid = async () => (await narrow.query('select pg_backend_pid() as pid'))[0];
    try {
      const before = await pid();
      const transaction = await narrow.transaction();
      const error = await rejection(
        alone.fluentmeet.models.User.sequelize!.transaction({ transaction }, async (nested) => {
          const { name } = nested as Transaction & { name: string };
          await narrow.query(`release savepoint "${name}"`, { transaction });
          throw new Error('too late');
        }),
      );
      expect(error.message).to.equal('too late');
      await transaction.rollback();
      expect(await pid()).to.deep.equal(before);
    } finally {
      await alone.stop();
      await narrow.close();
    }
  });

  it('in a hook of ours, whose transaction is the module’s own', async () => {
    const prepared = [await prepareTaken(), await prepare(), await prepare()];
    const withHook = createTestInstance(owner.url, {
      hooks: {
        async onVerified({ id }, { transaction }) {
          const { User } = withHook.fluentmeet.models;
          const outcomes = await Promise.allSettled([
            ...prepared.map((one) => withHook.fluentmeet.signUp(one, { transaction })),
            User.update({ full_name: 'Hooked' }, { where: { id }, transaction }),
          ]);
          expect(codes(outcomes)).to.deep.equal(['EMAIL_ALREADY_REGISTERED', 'done', 'done', 'done']);
        },
      },
    });
    try {
      const before = await accounts();
      const ada = await withHook.register('hooked');
      await withHook.fluentmeet.verifyEmail(ada.token);
      expect(await accounts()).to.equal(before + 3);
      expect(await withHook.fluentmeet.findUserByEmail(ada.email)).to.include({
        is_verified: true,
        full_name: 'Hooked',
      });
    } finally {
      await withHook.stop();
    }
  });

  it('one in the other: work in a savepoint does not wait for itself', async () => {
    const { database } = instance.context;
    await host.transaction(async (transaction) => {
      const [[inner], late] = await Promise.all([
        database.transaction(async (outer) => {
          await database.query(`insert into host_rows values ('outer')`, [], outer);
          return Promise.all([
            database.transaction((within) => database.query('select 1 as one', [], within), outer),
            rejection(database.transaction((within) => database.query('select 1/0', [], within), outer)),
            database.query(`insert into host_rows values ('beside')`, [], outer),
          ]);
        }, transaction),
        database.query(`insert into host_rows values ('late') returning name`, [], transaction),
      ]);
      expect(inner).to.deep.equal([{ one: 1 }]);
      expect(late).to.deep.equal([{ name: 'late' }]);
    });
    for (const name of ['outer', 'beside', 'late']) expect(await isNoted(name)).to.equal(true);
  });
});
