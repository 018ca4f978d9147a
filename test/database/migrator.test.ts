import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { ourTables as tables } from '../../src/database/tables.js';
import { DatabaseError, SchemaAheadError, SchemaConflictError } from '../../src/errors.js';
import { createTestInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';
import { skipFor } from '../support/skip.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { lastMigration, migrationNames as names } from './migration-names.js';

describe('createMigrator', () => {
  let database: TestDatabase;
  const opened: TestInstance[] = [];

  beforeEach(async () => (database = await createDatabase()));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((instance) => instance.stop()));
    await database.drop();
  });

  function open(databaseSchema = 'public'): TestInstance {
    const instance = createTestInstance(database.url, { databaseSchema, publisher: 'none' });
    opened.push(instance);
    return instance;
  }

  async function relations(instance: TestInstance): Promise<string[]> {
    const rows = await instance.query<{ name: string }>(
      `select schemaname || '.' || tablename as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  const ourTables = (schema: string) =>
    [...tables, 'fluentmeet_migrations'].toSorted().map((table) => `${schema}.${table}`);

  it('applies every migration once, and nothing the second time', async () => {
    const instance = open();
    expect(await instance.fluentmeet.migrate()).to.deep.equal(names);
    expect(await instance.fluentmeet.migrate()).to.deep.equal([]);
    expect(await relations(instance)).to.deep.equal(ourTables('public'));
  });

  it('names what it has applied alike from source and from dist: without an extension, and file by file', async () => {
    const { fluentmeet, context } = open();
    await fluentmeet.migrate();
    expect((await context.migrator.status()).map(({ name }) => name)).to.deep.equal(names);
  });

  it('finds nothing to do from dist after it was run from source', async function () {
    const dist = new URL('../../dist/src/index.js', import.meta.url);
    // Built before the whole suite, not before a single file of it.
    if (!existsSync(dist)) skipFor(this, 'not built: npm run build');
    await open().fluentmeet.migrate();
    const script = `
      const { createFluentMeet } = await import(${JSON.stringify(dist.href)});
      const instance = createFluentMeet({ database: process.argv[1], publisher: 'none',
        publicUrl: 'https://app.example.com', secret: 'x'.repeat(32) });
      console.log(JSON.stringify(await instance.migrate()));
      await instance.stop();`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, database.url], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).to.deep.equal([]);
  });

  it('tells what is applied and what is pending, and changes nothing, not even its own table', async () => {
    const instance = open();
    expect(await instance.context.migrator.status()).to.deep.equal(
      names.map((name) => ({ name, appliedAt: null, unknown: false })),
    );
    expect(await relations(instance)).to.deep.equal([]);
    await instance.fluentmeet.migrate();
    for (const { appliedAt, unknown } of await instance.context.migrator.status()) {
      expect(appliedAt).to.be.instanceOf(Date);
      expect(unknown).to.equal(false);
    }
  });

  it('may be started by eight processes at once: one of them does the work', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => open().fluentmeet.migrate()));
    expect(results.filter((applied) => applied.length > 0)).to.deep.equal([names]);
  });

  it('works in a schema of its own, which it makes', async () => {
    const instance = open('front_door');
    expect(await instance.fluentmeet.migrate()).to.deep.equal(names);
    expect(await relations(instance)).to.deep.equal(ourTables('front_door'));
    await instance.register('ada');
    expect(await open().context.migrator.status()).to.satisfy((all: { appliedAt: unknown }[]) =>
      all.every(({ appliedAt }) => appliedAt === null),
    );
  });

  it('needs no right to make a schema where it exists', async () => {
    const owner = open();
    await owner.query('create schema given');
    const role = `app_${process.pid}_${Date.now()}`;
    await owner.query(`create role ${role} login password 'x'`);
    await owner.query(`grant usage, create on schema given to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'x';
    const app = createTestInstance(url.href, { databaseSchema: 'given', publisher: 'none' });
    try {
      expect(await app.fluentmeet.migrate()).to.deep.equal(names);
    } finally {
      await app.stop();
      await owner.query(`drop owned by ${role}`);
      await owner.query(`drop role ${role}`);
    }
  });

  for (const schema of ['public', 'app']) {
    it(`refuses a users table of somebody else's in "${schema}", with advice, and leaves nothing behind`, async () => {
      const instance = open(schema);
      await instance.query(`create schema if not exists ${schema}`);
      await instance.query(`create table ${schema}.users (name text)`);
      await instance.query(`insert into ${schema}.users values ('theirs')`);
      const error = await rejection(instance.fluentmeet.migrate());
      expect(error).to.be.instanceOf(SchemaConflictError);
      expect(error.message).to.include(`"${schema}"`).and.include('"users"').and.include('databaseSchema');
      expect(await relations(instance)).to.deep.equal([`${schema}.users`]);
      expect(await instance.query(`select name from ${schema}.users`)).to.deep.equal([{ name: 'theirs' }]);
    });
  }

  it('is not in the way of a users table in another schema', async () => {
    const instance = open('front_door');
    await instance.query('create table public.users (name text)');
    await instance.fluentmeet.migrate();
    await instance.context.migrator.down({ all: true });
    expect(await relations(instance)).to.deep.equal(['public.users']);
  });

  it('leaves nothing behind when a migration fails', async () => {
    const instance = open('front_door');
    // Not ours, and not a table of one of our names: found only by the third migration.
    await instance.query('create schema front_door');
    await instance.query('create table front_door.email_outbox_pending (id int)');
    const error = await rejection(instance.fluentmeet.migrate());
    expect(error).to.be.instanceOf(DatabaseError).and.include({ sqlState: '42P07' });
    expect(error.message).to.include('Migration 0003-email-outbox failed');
    expect(await relations(instance)).to.deep.equal(['front_door.email_outbox_pending']);
    await instance.query('drop table front_door.email_outbox_pending');
    expect(await instance.fluentmeet.migrate()).to.deep.equal(names);
  });

  it('refuses a database that is newer than the code, up and down, and names what it does not know', async () => {
    const instance = open();
    await instance.fluentmeet.migrate();
    await instance.query(`insert into fluentmeet_migrations (name) values ('0099-from-the-future')`);
    for (const attempt of [instance.fluentmeet.migrate(), instance.context.migrator.down({ all: true })]) {
      const error = await rejection(attempt);
      expect(error).to.be.instanceOf(SchemaAheadError);
      expect(error.migrations).to.deep.equal(['0099-from-the-future']);
    }
    expect(await relations(instance)).to.deep.equal(ourTables('public'));
    expect((await instance.context.migrator.status()).at(-1)).to.include({
      name: '0099-from-the-future',
      unknown: true,
    });
  });

  it('takes back the last migration, or all of them, and what it made alone', async () => {
    const instance = open();
    await instance.fluentmeet.migrate();
    await instance.query('create table bookings (id int)');
    expect(await instance.context.migrator.down()).to.deep.equal([lastMigration]);
    expect(await instance.fluentmeet.migrate()).to.deep.equal([lastMigration]);
    expect(await instance.context.migrator.down({ all: true })).to.deep.equal(names.toReversed());
    expect(await relations(instance)).to.deep.equal(['public.bookings']);
    expect(await instance.context.migrator.down({ all: true })).to.deep.equal([]);
    expect(await instance.fluentmeet.migrate()).to.deep.equal(names);
  });

  it("keeps everything where a host's table refers to ours", async () => {
    const instance = open();
    await instance.fluentmeet.migrate();
    await instance.query('create table bookings (user_id bigint references users)');
    expect(await rejection(instance.context.migrator.down({ all: true }))).to.be.instanceOf(DatabaseError);
    expect(await relations(instance)).to.deep.equal(['public.bookings', ...ourTables('public')]);
  });

  it('has the constraints and the partial indexes that the use cases rely on', async () => {
    const instance = open();
    await instance.fluentmeet.migrate();
    const rows = await instance.query<{ indexdef: string }>(
      `select indexdef from pg_indexes where schemaname = 'public' order by indexname`,
    );
    const indexes = rows.map(({ indexdef }) => indexdef).join('\n');
    expect(indexes).to.match(/UNIQUE INDEX users_email_key .*\(email\)/);
    expect(indexes).to.match(/UNIQUE INDEX verification_tokens_token_hash_key .*\(token_hash\)/);
    expect(indexes).to.match(/email_outbox_pending .*\(next_attempt_at\) WHERE \(status = 'pending'::text\)/);
    expect(indexes).to.match(/email_outbox_dead .*WHERE \(status = 'dead'::text\)/);
    const times = await instance.query(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'public' and (column_name like '%\\_at') and data_type <> 'timestamp with time zone'`,
    );
    expect(times).to.deep.equal([]);
  });
});
