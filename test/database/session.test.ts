import { expect } from 'chai';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { explainUser } from '../../src/desk/explain-user.js';
import { listUsers } from '../../src/desk/list-users.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { listInvites } from '../../src/invites/list-invites.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createTestInstance, linkToken, type TestInstance, until } from '../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

/** What an operator may have set for a database, a role or a server, and what would change our answers. */
const settings = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-10',
  timezone: 'America/St_Johns',
  standard_conforming_strings: 'off',
  backslash_quote: 'on',
  array_nulls: 'off',
  search_path: 'nowhere',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  lock_timeout: '1ms',
};

/** A database with these settings. */
async function createDatabaseWith(its: Record<string, string>): Promise<TestDatabase> {
  const database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const name = new URL(database.url).pathname.slice(1);
  for (const [setting, value] of Object.entries(its)) {
    await client.query(`alter database ${name} set ${setting} = '${value}'`);
  }
  await client.end();
  return database;
}

/** Every type of node-postgres, read as something that nobody can use. */
function spoilParsers(): () => void {
  const before = Object.values(pg.types.builtins).map(
    (oid) => [oid as number, pg.types.getTypeParser(oid as number)] as const,
  );
  const arrays = [1000, 1001, 1005, 1007, 1009, 1015, 1016, 1022, 1115, 1185, 2951].map(
    (oid) => [oid, pg.types.getTypeParser(oid)] as const,
  );
  for (const [oid] of [...before, ...arrays]) pg.types.setTypeParser(oid, () => 'spoiled');
  return () => {
    for (const [oid, parser] of [...before, ...arrays]) pg.types.setTypeParser(oid, parser);
  };
}

/** What one life of an account reads, from its first migration on. */
async function live(instance: TestInstance): Promise<void> {
  const { fluentmeet, context } = instance;
  const applied = await fluentmeet.migrate();
  expect(await fluentmeet.migrate()).to.deep.equal([]);
  const status = await context.migrator.status();
  expect(status.map(({ name }) => name)).to.deep.equal(applied);
  for (const { appliedAt } of status) expectNow(appliedAt);

  const began = Date.now();
  const profile = await fluentmeet.signUp({
    email: "o'ada@example.com",
    password: canaryPassword,
    full_name: "Ada O'L",
  });
  expect(profile).to.deep.include({ id: 1, full_name: "Ada O'L", is_active: true, is_verified: false });
  expect(new Date(profile.created_at).getTime()).to.be.within(began - 60_000, Date.now() + 60_000);

  const user = await fluentmeet.findUserByEmail("O'ADA@example.com");
  expect(user).to.include({ id: 1, is_active: true, is_verified: false, deleted_at: null });
  expectNow(user!.created_at);
  const [token] = await context.models.VerificationToken.findAll({ include: ['user'] });
  expect(token!.token_hash).to.be.instanceOf(Buffer).with.lengthOf(32);
  expect(token!.expires_at.getTime()).to.be.within(began + 86_300_000, began + 86_500_000);

  const invite = await createInvite(context, { note: 'a \\ in it' });
  expectNow(invite.created_at);
  const { token: _, ...listed } = invite;
  expect((await listInvites(context)).invites).to.deep.equal([listed]);

  instance.publisher.answer = () => ({ status: 'rejected', error: new Error('not today') });
  await fluentmeet.start();
  await until(
    async () => (await context.models.OutboxEmail.count({ where: { attempts: 1 } })) === 1,
    'a failure was written down',
  );
  instance.publisher.answer = () => ({ status: 'published' });
  await context.models.OutboxEmail.update({ next_attempt_at: new Date() }, { where: {} });
  context.relay.wake();
  await until(() => instance.publisher.published.length === 1, 'the email was published');
  const [sent] = instance.publisher.published;
  expect(new Date(sent!.headers['expires-at']!).getTime()).to.equal(token!.expires_at.getTime());
  await until(async () => (await fluentmeet.stats()).emails.pending === 0, 'it was settled');
  const [email] = await context.models.OutboxEmail.findAll();
  expect(email).to.include({ status: 'published', last_error: null });
  expectNow(email!.published_at);

  expect(await fluentmeet.verifyEmail(linkToken(sent!))).to.deep.equal({ status: 'verified', userId: 1 });
  const explained = await explainUser(context, { email: "o'ada@example.com" });
  expect(JSON.stringify(explained)).not.to.include('spoiled').and.not.to.include('Invalid');
  expect(JSON.stringify(await listUsers(context))).not.to.include('spoiled');
}

function expectNow(time: Date | null): void {
  expect(time).to.be.instanceOf(Date);
  expect(Math.abs(time!.getTime() - Date.now())).to.be.below(60_000);
}

describe('what we read', () => {
  const hosts = new Set<Sequelize>();
  const connections: [name: string, of: (url: string) => string | Sequelize][] = [
    ['on our own connection', (url) => url],
    [
      "on a host's connection",
      (url) => {
        const host = new Sequelize(url, {
          logging: false,
          isolationLevel: 'SERIALIZABLE',
          query: { raw: true, plain: true, nest: true },
          omitNull: true,
          quoteIdentifiers: false,
          define: { timestamps: false, paranoid: false },
          hooks: { beforeFind: () => expect.fail('a hook of the host') },
        });
        hosts.add(host);
        return host;
      },
    ],
  ];
  afterEach(async () => {
    for (const host of hosts) await host.close();
    hosts.clear();
  });

  for (const [name, connection] of connections) {
    it(`depends on no setting of the session, ${name}`, async () => {
      const { url, drop } = await createDatabaseWith(settings);
      const instance = createTestInstance(connection(url));
      await live(instance).finally(() => instance.stop());
      await drop();
    });

    it(`depends on no parser that the process gave node-postgres, ${name}`, async () => {
      const { url, drop } = await createDatabase();
      const restore = spoilParsers();
      const instance = createTestInstance(connection(url));
      try {
        await live(instance);
      } finally {
        restore();
        await instance.stop();
        await drop();
      }
    });
  }

  it("depends on neither in a host's transaction, and leaves the host's session as it was", async () => {
    const { url, drop } = await createDatabaseWith(settings);
    const host = new Sequelize(url, { logging: false });
    hosts.add(host);
    const instance = createTestInstance(host);
    await instance.fluentmeet.migrate();
    const prepared = await instance.fluentmeet.prepareSignUp({
      email: 'ada@example.com',
      password: canaryPassword,
    });
    const session = async (transaction: object) => {
      const names = Object.keys(settings).filter((setting) => setting !== 'standard_conforming_strings');
      const [rows] = await host.query(
        `select ${names.map((setting) => `current_setting('${setting}') as ${setting}`).join(', ')},
           timestamp '2026-03-14 12:00' as host_time`,
        { transaction } as never,
      );
      return rows![0];
    };
    const restore = spoilParsers();
    try {
      await host.transaction(async (transaction) => {
        const before = await session(transaction);
        expect(before).to.deep.include({ datestyle: 'spoiled', host_time: 'spoiled' });
      });
    } finally {
      restore();
    }
    await host.transaction(async (transaction) => {
      const before = await session(transaction);
      expect(before).to.deep.include({ datestyle: 'SQL, DMY', bytea_output: 'escape' });
      const profile = await instance.fluentmeet.signUp(prepared, { transaction });
      expectNow(new Date(profile.created_at));
      expect(await session(transaction)).to.deep.equal(before);
      const { User } = instance.fluentmeet.models;
      const user = await User.findOne({ where: { email: 'ada@example.com' }, transaction });
      expectNow(user!.created_at);
      const again = await instance.fluentmeet.signUp(prepared, { transaction }).catch((error) => error);
      expect(again).to.have.property('code', 'EMAIL_ALREADY_REGISTERED');
      expect(await session(transaction)).to.deep.equal(before);
    });
    await instance.stop();
    await drop();
  });
});

describe('the limits of a session of ours', () => {
  it('are those of the options, on a statement as on its waiting for a lock, on a connection of its own or a host’s', async () => {
    const { url, drop } = await createDatabase();
    const host = new Sequelize(url, { logging: false });
    const its = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle`;
    try {
      for (const database of [url, host]) {
        const instance = createTestInstance(database, { databaseQueryTimeout: '2s' });
        const found = await instance.context.database.transaction((transaction) =>
          instance.context.database.query(its, [], transaction),
        );
        expect(found).to.deep.equal([{ statement: '2s', lock: '2s', idle: '30s' }]);
        await instance.fluentmeet.stop();
      }
    } finally {
      await host.close();
      await drop();
    }
  });
});
