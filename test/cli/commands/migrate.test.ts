import { expect } from 'chai';
import { lastMigration, migrationNames as names } from '../../database/migration-names.js';
import { until } from '../../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { startProxy } from '../../support/tcp-proxy.js';
import { type CliOptions, runCli } from '../run-cli.js';
import { runServer } from '../run-server.js';
import { cutStatement } from '../cut-statement.js';
import { query } from '../query.js';

describe('fluentmeet migrate', () => {
  let database: TestDatabase;
  let options: CliOptions;
  beforeEach(async () => {
    database = await createDatabase();
    options = { env: { DATABASE_URL: database.url } };
  });
  afterEach(() => database.drop());

  it('shows what is pending, applies it once, and shows when', async () => {
    const before = await runCli(['migrate', 'status'], options);
    expect(before.code).to.equal(0);
    expect(before.stdout).to.equal(names.map((name) => `${name}\tpending\t\n`).join(''));

    const up = await runCli(['migrate', 'up', '--json'], options);
    expect(up.code).to.equal(0);
    expect(up.json()).to.deep.equal({ applied: names });
    const again = await runCli(['migrate', 'up'], options);
    expect(again).to.include({ code: 0, stdout: '', stderr: 'Nothing is pending.\n' });

    const status = await runCli(['migrate', 'status', '--json'], options);
    const { migrations } = status.json<{
      migrations: { name: string; status: string; applied_at: string }[];
    }>();
    expect(migrations.map(({ name }) => name)).to.deep.equal(names);
    for (const { status: state, applied_at } of migrations) {
      expect(state).to.equal('applied');
      expect(new Date(applied_at).toISOString()).to.equal(applied_at);
    }
  });

  it('applies each migration once when many start at once', async () => {
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => runCli(['migrate', 'up', '--json'], options)),
    );
    expect(runs.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0, 0]);
    expect(runs.flatMap((run) => run.json<{ applied: string[] }>().applied)).to.deep.equal(names);
  });

  it('goes down only when told so, one by one or all', async () => {
    await runCli(['migrate', 'up'], options);
    const refused = await runCli(['migrate', 'down'], options);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.contain('--yes');
    expect((await runCli(['migrate', 'status'], options)).stdout).not.to.contain('pending');

    const one = await runCli(['migrate', 'down', '--yes', '--json'], options);
    expect(one.json()).to.deep.equal({ reverted: [lastMigration] });
    const all = await runCli(['migrate', 'down', '--yes', '--all'], options);
    const others = names.toReversed().slice(1);
    expect(all.stdout).to.equal(others.map((name) => `reverted ${name}\n`).join(''));
    const tables = await query(database.url, `select from pg_tables where schemaname = 'public'`);
    expect(tables).to.have.length(0);
    expect((await runCli(['migrate', 'down', '--yes'], options)).stderr).to.contain('Nothing is applied');
  });

  it('leaves a users table of somebody else alone, and advises a schema', async () => {
    await query(database.url, 'create table users (name text)');
    const { code, stderr } = await runCli(['migrate', 'up'], options);
    expect(code).to.equal(1);
    expect(stderr).to.contain('FLUENTMEET_DATABASE_SCHEMA=');
    const named = { env: { ...options.env, FLUENTMEET_DATABASE_SCHEMA: 'fluentmeet' } };
    expect((await runCli(['migrate', 'up'], named)).code).to.equal(0);
  });

  it('refuses a second set of tables where nobody named the schema, and says both ways on', async () => {
    const named = (schema: string) => ({ env: { ...options.env, FLUENTMEET_DATABASE_SCHEMA: schema } });
    await runCli(['migrate', 'up'], named('hosts'));
    const status = await runCli(['migrate', 'status'], options);
    expect(status.code).to.equal(0);
    expect(status.stderr).to.contain('no table of ours in "public", but in "hosts"');
    const refused = await runCli(['migrate', 'up'], options);
    expect(refused.code).to.equal(1);
    expect(refused.stderr)
      .to.contain('no table of ours in "public", but in "hosts"')
      .and.contain("FLUENTMEET_DATABASE_SCHEMA=hosts, or --config with the host's options")
      .and.contain('FLUENTMEET_DATABASE_SCHEMA=public fluentmeet migrate up');
    const made = await query(database.url, `select from pg_tables where schemaname = 'public'`);
    expect(made).to.have.length(0);
    // A tenant's schema, and the default one where it is meant.
    expect((await runCli(['migrate', 'up'], named('tenants'))).code).to.equal(0);
    expect((await runCli(['migrate', 'up'], named('public'))).code).to.equal(0);
    expect((await runCli(['migrate', 'up'], options)).stderr).to.equal('Nothing is pending.\n');
  });

  it('says whose work migrations are to a user who only serves', async () => {
    await runCli(['migrate', 'up'], options);
    const role = `fluentmeet_migrates_${process.pid}`;
    await query(database.url, `create role ${role} login password 'right'`);
    const as = new URL(database.url);
    as.username = role;
    as.password = 'right';
    try {
      await query(database.url, `grant all on all tables in schema public to ${role}`);
      await query(database.url, 'grant usage on schema public to public');
      const down = await runCli(['migrate', 'down', '--yes'], { env: { DATABASE_URL: as.href } });
      expect(down.code).to.equal(1);
      expect(down.stderr).to.contain('who may make tables and owns ours').and.not.contain('doctor');
      await runCli(['migrate', 'down', '--all', '--yes'], options);
      await query(database.url, 'revoke create on schema public from public');
      const up = await runCli(['migrate', 'up'], { env: { DATABASE_URL: as.href } });
      expect(up.code).to.equal(1);
      expect(up.stderr)
        .to.contain('may not create tables in')
        .and.contain('Migrate as the role that is to own our tables')
        .and.contain(`grant usage, create on schema "public" to "${role}"`)
        .and.not.contain('doctor');
    } finally {
      await query(database.url, `drop owned by ${role}`);
      await query(database.url, `drop role ${role}`);
    }
  });

  it('goes down under no table that something of the host’s refers to, and says what to do', async () => {
    await runCli(['migrate', 'up'], options);
    await query(database.url, 'create table meetings (owner bigint constraint owned references users)');
    const down = await runCli(['migrate', 'down', '--all', '--yes'], options);
    expect(down.code).to.equal(1);
    expect(down.stderr)
      .to.contain('Migration 0001-users failed. PostgreSQL error 2BP01: cannot drop table users')
      .and.contain('Drop first what refers to our tables')
      .and.not.contain('doctor');
    expect((await runCli(['migrate', 'status'], options)).stdout).not.to.contain('pending');
    await query(database.url, 'alter table meetings drop constraint owned');
    const freed = await runCli(['migrate', 'down', '--all', '--yes'], options);
    expect(freed.code).to.equal(0);
  });

  it('refuses a database that is newer than the code, and says so', async () => {
    await runCli(['migrate', 'up'], options);
    await query(database.url, `insert into fluentmeet_migrations (name) values ('9999-\u001b[31mfuture')`);
    for (const args of [
      ['up', '--wait', '0s'],
      ['down', '--yes'],
    ]) {
      const { code, stderr } = await runCli(['migrate', ...args], options);
      expect(code).to.equal(1);
      expect(stderr).to.contain('newer than this code').and.not.contain('\u001b');
    }
    const status = await runCli(['migrate', 'status'], options);
    expect(status.code).to.equal(0);
    expect(status.stdout).to.contain('unknown').and.not.contain('\u001b');
    expect(status.stderr).to.contain('newer than this code');
  });

  it('does not fail where only the look after it does: what was applied is', async () => {
    await runCli(['migrate', 'up'], options);
    const run = await cutStatement(database.url, 'pg_cancel_backend', () =>
      runCli(['migrate', 'up', '--json'], options),
    );
    expect(run.code).to.equal(0);
    expect(run.json()).to.deep.equal({ applied: [] });
    expect(run.stderr)
      .to.contain('the migrations are applied, and what else there is was not looked at')
      .and.contain('(57014)')
      .and.contain('Later: fluentmeet doctor');
  });

  it('does not fail where its user may not read a table, or not look: it says which right is missing', async () => {
    await runCli(['migrate', 'up'], options);
    const role = `fluentmeet_looks_${process.pid}`;
    await query(database.url, `create role ${role} login password 'right'`);
    const as = new URL(database.url);
    as.username = role;
    as.password = 'right';
    const up = () => runCli(['migrate', 'up', '--json'], { env: { DATABASE_URL: as.href } });
    try {
      await query(database.url, `grant usage, create on schema public to ${role}`);
      await query(database.url, `grant all on all tables in schema public to ${role}`);
      await query(database.url, `grant all on all sequences in schema public to ${role}`);
      await query(database.url, `revoke select on users from ${role}`);
      const unread = await up();
      expect(unread.code).to.equal(0);
      expect(unread.json()).to.deep.equal({ applied: [] });
      expect(unread.stderr)
        .to.contain('lacks select on users')
        .and.contain(`grant select on "public"."users" to ${role};`)
        .and.not.contain('not looked at');
      await query(database.url, `grant select on users to ${role}`);
      await query(database.url, 'revoke execute on function pg_get_serial_sequence from public');
      const unseen = await up();
      expect(unseen.code).to.equal(0);
      expect(unseen.stderr).to.contain('what else there is was not looked at').and.contain('42501');
    } finally {
      await query(database.url, `drop owned by ${role}`);
      await query(database.url, `drop role ${role}`);
    }
  });

  it('ends with 4 when the database is away, and shows no password', async () => {
    const env = { DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/app' };
    for (const args of [['up', '--wait', '0s'], ['down', '--yes'], ['status'], ['status', '--json']]) {
      const { code, stdout, stderr } = await runCli(['migrate', ...args], { env });
      expect(code, args.join(' ')).to.equal(4);
      expect(stdout).to.equal('');
      expect(stderr).to.contain('DATABASE_URL').and.not.contain('hunter2');
    }
  });

  it('up waits for a database that is not there yet, with one line, and not for one that refuses', async () => {
    const { hostname, port } = new URL(database.url);
    const door = await startProxy({ host: hostname, port: Number(port || 5432) });
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(door.port);
    await door.setMode('refuse');
    const { ended, stderr } = runServer(['migrate', 'up'], { env: { DATABASE_URL: through.href } });
    await until(() => stderr.text.includes('not there yet'), 'it found none');
    await door.setMode('pass');
    expect(await ended).to.equal(0);
    expect(stderr.text.match(/not there yet \(ECONNREFUSED\): waiting for up to 30 s/g)).to.have.length(1);
    through.pathname = '/no_such_database';
    const refused = await runCli(['migrate', 'up'], { env: { DATABASE_URL: through.href } });
    expect([refused.code, /waiting/.test(refused.stderr)]).to.deep.equal([4, false]);
    await door.stop();
  });
});
