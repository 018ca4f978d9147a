import { expect } from 'chai';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { checkConnection } from '../../../src/cli/doctor/check-connection.js';
import { createTopicWriter } from '../../../src/mailer/topic-writer.js';
import { skipFor } from '../../support/skip.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { createTopic, requireKafka, type TestKafka } from '../../support/kafka.js';
import { freePorts } from '../../support/processes.js';
import { until } from '../../fluentmeet/test-instance.js';
import { emailMessage, openStage, quick } from '../../mailer/mail-stage.js';
import { cutStatement } from '../cut-statement.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';
import { runServer } from '../run-server.js';

interface Report {
  ok: boolean;
  checks: { check: string; status: 'ok' | 'warn' | 'fail'; message: string; advice: string | null }[];
}

describe('fluentmeet doctor', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  before(async () => {
    database = await createDatabase();
    const [port] = await freePorts(1);
    env = {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: `127.0.0.1:${port}`,
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    };
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  beforeEach(() => query(database.url, 'truncate users cascade'));

  async function examine(changed: Record<string, string> = {}) {
    const run = await runCli(['doctor', '--json'], { env: { ...env, ...changed } });
    const report = run.json<Report>();
    const find = (check: string) => report.checks.find((one) => one.check === check);
    return { code: run.code, report, find, output: run.stdout + run.stderr };
  }
  /** Without Kafka, which this suite has not got. */
  const withoutKafka = { KAFKA_BROKERS: '' };

  it('names each variable that is missing or malformed, and shows no secret', async () => {
    const { code, find, output } = await examine({
      KAFKA_BROKERS: '',
      FLUENTMEET_SECRET: 'tooshortsecret',
      FLUENTMEET_TOKEN_TTL: 'soon',
      PORT: '99999',
    });
    expect(code).to.equal(1);
    expect(find('KAFKA_BROKERS')).to.include({ status: 'fail', message: 'is not set' });
    expect(find('KAFKA_BROKERS')?.advice).to.contain(
      'an app that mounts the module: --config with its options',
    );
    expect(find('FLUENTMEET_SECRET')).to.include({
      status: 'fail',
      message: 'must be 32 characters or more',
    });
    expect(find('FLUENTMEET_TOKEN_TTL')).to.include({
      status: 'fail',
      advice: 'What it says: life of a verification link.',
    });
    expect(find('PORT')?.status).to.equal('fail');
    // The database is looked at all the same.
    expect(find('database')?.status).to.equal('ok');
    expect(output).not.to.contain('tooshortsecret').and.not.contain(database.url);
  });

  it('warns of what works and is a mistake all the same', async () => {
    const doubtful = {
      ...withoutKafka,
      FLUENTMEET_SECRET: 'z'.repeat(40),
      FLUENTMEET_PUBLIC_URL: 'http://app.example.com',
      FLUENTMEET_TRUST_PROXY: 'true',
      FLUENTMEET_SINGUP: 'closed',
      UV_THREADPOOL_SIZE: '1',
    };
    const { find, output } = await examine(doubtful);
    for (const name of Object.keys(doubtful).slice(1)) expect(find(name)?.status, name).to.equal('warn');
    expect(find('FLUENTMEET_SINGUP')?.advice).to.equal('Did you mean FLUENTMEET_SIGNUP?');
    expect(output).not.to.contain('zzz');
    const fine = await examine({ ...withoutKafka, UV_THREADPOOL_SIZE: '8', FLUENTMEET_TRUST_PROXY: '1' });
    expect(fine.report.checks.filter(({ status }) => status === 'warn')).to.deep.equal([]);
  });

  it('tells an unreachable database, an unknown host, a wrong password and a missing database apart', async () => {
    const [port] = await freePorts(1);
    const url = (change: (url: URL) => void): string => {
      const changed = new URL(database.url);
      change(changed);
      return changed.href;
    };
    const away = await examine({ DATABASE_URL: `postgres://ada:hunter2@127.0.0.1:${port}/db` });
    expect(away.code).to.equal(4);
    expect(away.find('database')?.message).to.contain('nothing listens at');
    expect(away.output).not.to.contain('hunter2');
    const missing = await examine({ DATABASE_URL: url((one) => (one.pathname = '/no_such_database')) });
    expect(missing.find('database')?.message).to.equal('there is no such database (3D000)');
    const unknown = await examine({ DATABASE_URL: 'postgres://no-such-host.invalid/db' });
    expect(unknown.find('database')?.message).to.match(/not known|no answer|EAI/);
  });

  it('says what it had found, and why not the rest, where a statement fails in the middle', async () => {
    const cut = (end: Parameters<typeof cutStatement>[1]) =>
      cutStatement(database.url, end, () => examine(withoutKafka));
    const waited = await cut('pg_cancel_backend');
    const failed = ({ report }: typeof waited) => report.checks.filter(({ status }) => status === 'fail');
    expect(waited.code).to.equal(4);
    expect(waited.find('tables')?.status).to.equal('ok');
    expect(failed(waited).map(({ check }) => check)).to.include('database');
    expect(failed(waited).find(({ check }) => check === 'database'))
      .to.include({ message: 'the database took too long, and undid what it was at (57014)' })
      .and.have.property('advice')
      .that.contains('pg_stat_activity');
    const gone = await cut('pg_terminate_backend');
    expect(gone.code).to.equal(4);
    expect(gone.find('tables')?.status).to.equal('ok');
    expect(failed(gone).find(({ check }) => check === 'database')?.message).to.contain('57P01');
  });

  it('tells of a wrong password', async function () {
    const role = `doctor_${process.pid}`;
    await query(database.url, `create role ${role} login password 'right'`);
    const wrong = new URL(database.url);
    wrong.username = role;
    wrong.password = 'wrong-hunter2';
    const { find, output, code } = await examine({ DATABASE_URL: wrong.href });
    await query(database.url, `drop role ${role}`);
    // A server that trusts everybody asks for no password.
    if (find('database')?.status === 'ok') skipFor(this, 'this PostgreSQL asks for no password');
    expect({ code, message: find('database')?.message }).to.deep.equal({
      code: 4,
      message: 'wrong password (28P01)',
    });
    expect(output).not.to.contain('hunter2');
  });

  it("tells a schema that is behind, ahead, or somebody else's", async () => {
    const other = await createDatabase();
    const at = { ...withoutKafka, DATABASE_URL: other.url };
    const { find } = await examine(at);
    expect(find('rights')?.message).to.equal('no table of ours yet');
    expect(find('schema')).to.include({ status: 'fail', advice: 'Apply them: fluentmeet migrate up' });
    await runCli(['migrate', 'up'], { env: { ...env, ...at, FLUENTMEET_DATABASE_SCHEMA: 'hosts' } });
    const forgotten = (await examine(at)).find('schema');
    expect(forgotten?.advice).to.contain('FLUENTMEET_DATABASE_SCHEMA=hosts');
    const named = { ...at, FLUENTMEET_DATABASE_SCHEMA: 'public' };
    await runCli(['migrate', 'up'], { env: { ...env, ...named } });
    expect((await examine(named)).find('schema')?.status).to.equal('ok');
    expect((await examine(at)).find('schema')).to.include({
      status: 'warn',
      message: 'tables of ours in "public" and in "hosts", and none is named: commands look into "public"',
    });
    await runCli(['migrate', 'down', '--all', '--yes'], { env: { ...env, ...named } });
    await query(other.url, 'drop schema hosts cascade');
    await query(other.url, 'create table users (id int)');
    expect((await examine(at)).find('schema')?.message).to.contain('somebody else');
    await query(other.url, 'drop table users');
    await runCli(['migrate', 'up'], { env: { ...env, ...at } });
    await query(other.url, `insert into fluentmeet_migrations (name) values ('9999-tomorrow')`);
    const rolledBack = await examine(at);
    expect(rolledBack.find('schema')).to.include({ status: 'warn' });
    expect(rolledBack.find('schema')?.message).to.contain('newer than this code: it has 9999-tomorrow');
    await other.drop();
  });

  describe('of a database that somebody changed', () => {
    let other: TestDatabase;
    let at: Record<string, string>;
    beforeEach(async () => {
      other = await createDatabase();
      at = { ...withoutKafka, DATABASE_URL: other.url };
      await runCli(['migrate', 'up'], { env: { ...env, ...at } });
    });
    afterEach(() => other.drop());

    const faults = async () => {
      const { report } = await examine(at);
      return report.checks.filter(({ check, status }) => status !== 'ok' && check !== 'KAFKA_BROKERS');
    };

    it('has nothing to say of one that nobody did', async () => expect(await faults()).to.deep.equal([]));

    for (const [change, found] of Object.entries({
      'alter table users drop constraint users_email_key': 'users (email) is not unique any more',
      'alter table verification_tokens drop constraint verification_tokens_token_hash_key':
        'verification_tokens (token_hash) is not unique any more',
      'alter table invites drop constraint invites_pkey': 'invites (id) is not unique any more',
      'drop index email_outbox_pending':
        'email_outbox (next_attempt_at) has no index for pending rows any more',
      'drop index verification_tokens_user_id': 'verification_tokens (user_id) has no index any more',
      'alter table signup_keys drop constraint signup_keys_pkey':
        'signup_keys (key_hash) is not unique any more',
      'alter table verification_tokens drop constraint verification_tokens_user_id_fkey':
        'verification_tokens.user_id refers to users no more',
      'alter table email_outbox drop constraint email_outbox_user_id_fkey, add foreign key (user_id) references users':
        'email_outbox.user_id keeps a row of users from being removed',
      'alter table users alter column is_active drop default': 'users.is_active has no default any more',
      'alter table email_outbox drop column last_error': 'email_outbox.last_error is missing',
      'alter table invites drop column note': 'invites.note is missing',
      'alter table users rename column full_name to name': 'users.full_name is missing',
      'alter table users alter column full_name type varchar(40)':
        'users.full_name is character varying, not text',
      'alter table users alter column email drop not null': 'users.email may be null',
      'alter table users alter column id drop identity': 'users.id makes no numbers of its own',
      'alter table users add column department text not null':
        'users.department is not ours, and must be filled',
      'drop table invites': 'the table invites is missing',
    })) {
      it(`finds: ${change}`, async () => {
        await query(other.url, change);
        const [fault, ...more] = await faults();
        expect(fault).to.include({ check: 'tables', status: 'fail' });
        expect(fault?.message.split('; ')).to.include(found);
        expect(more).to.deep.equal([]);
      });
    }

    it('depends on no setting of its sessions', async () => {
      const name = new URL(other.url).pathname.slice(1);
      for (const setting of [
        "datestyle = 'SQL, DMY'",
        "timezone = 'Asia/Kolkata'",
        'extra_float_digits = -15',
      ]) {
        await query(other.url, `alter database "${name}" set ${setting}`);
      }
      expect(await faults()).to.deep.equal([]);
    });

    it('lets a host add what need not be filled', async () => {
      await query(other.url, 'alter table users add column department text');
      expect(await faults()).to.deep.equal([]);
    });

    it('finds a sequence behind its rows, with the statement that helps', async () => {
      await query(
        other.url,
        `insert into users (id, email, hashed_password) overriding system value values (7, 'a@example.com', 'x')`,
      );
      const [fault, ...more] = await faults();
      expect([fault?.check, fault?.status, more]).to.deep.equal(['sequences', 'fail', []]);
      await query(other.url, fault?.advice as string);
      expect(await faults()).to.deep.equal([]);
    });

    it('is content with a sequence that was told to leave a gap', async () => {
      await query(other.url, `insert into users (email, hashed_password) values ('a@example.com', 'x')`);
      await query(other.url, 'alter table users alter column id restart with 2000000');
      expect(await faults()).to.deep.equal([]);
      await query(other.url, 'alter table users alter column id restart with 1');
      expect((await faults()).map(({ check }) => check)).to.deep.equal(['sequences']);
    });

    it('finds one that takes no writes', async () => {
      const { pathname } = new URL(other.url);
      await query(other.url, `alter database "${pathname.slice(1)}" set default_transaction_read_only = on`);
      const [fault, ...more] = await faults();
      expect([fault?.check, fault?.status, more]).to.deep.equal(['writing', 'fail', []]);
    });

    it('names the grants that a user lacks, which are those of docs/operations.md', async () => {
      const role = `fluentmeet_serves_${process.pid}`;
      await query(other.url, `create role ${role} login password 'right'`);
      const as = new URL(other.url);
      as.username = role;
      as.password = 'right';
      try {
        at = { ...at, DATABASE_URL: as.href };
        const [nothing] = await faults();
        expect(nothing).to.include({ check: 'rights', status: 'fail' });
        await query(other.url, 'revoke usage on schema public from public');
        expect((await faults())[0]?.advice).to.match(/^grant usage on schema "public" to /);
        await query(other.url, (await faults())[0]?.advice as string);
        expect(await faults()).to.deep.equal([]);
        await query(other.url, `revoke update on email_outbox from ${role}`);
        expect((await faults())[0]).to.deep.include({
          message: 'this user lacks update on email_outbox',
          advice: `grant update on "public"."email_outbox" to ${role};`,
        });
        const documented = (await readFile('docs/operations.md', 'utf8')).match(/^grant [^;]*;$/gm) ?? [];
        await query(other.url, `revoke all on all tables in schema public from ${role}`);
        for (const grant of documented) {
          await query(
            other.url,
            grant
              .replace('fluentmeet_app', role)
              .replaceAll('fluentmeet.', 'public.')
              .replace('schema fluentmeet', 'schema public'),
          );
        }
        expect(documented).to.have.length(3);
        expect(await faults()).to.deep.equal([]);
        const server = runServer(['serve', '--no-relay'], {
          env: { ...env, ...at, PORT: '0', FLUENTMEET_BCRYPT_COST: '10' },
        });
        const { url } = await server.untilEvent('server.listening');
        expect((await fetch(`${String(url)}/readyz`)).status).to.equal(200);
        const response = await fetch(`${String(url)}/api/v1/auth/signup`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'ada@example.com', password: 'MyStr0ngP@ss!' }),
        });
        expect(response.status).to.equal(201);
        server.io.signals.emit('SIGTERM');
        await server.ended;
      } finally {
        await query(other.url, `drop owned by ${role}; drop role ${role}`);
      }
    });
  });

  it('finds a database that is not in UTF-8', async () => {
    const name = `fluentmeet_latin1_${process.pid}`;
    await query(
      database.url,
      `create database ${name} encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`,
    );
    const latin1 = new URL(database.url);
    latin1.pathname = `/${name}`;
    const at = { ...withoutKafka, DATABASE_URL: latin1.href };
    const { stderr } = await runCli(['migrate', 'up'], { env: { ...env, ...at } });
    expect(stderr).to.contain('LATIN1');
    expect((await examine(at)).find('encoding')).to.include({ status: 'fail' });
    await query(database.url, `drop database ${name}`);
  });

  it('finds emails that no relay takes, dead ones, and a secret that was changed', async () => {
    await query(
      database.url,
      `with u as (insert into users (email, hashed_password) values ('ada@example.com', 'x') returning id),
       t as (insert into verification_tokens (id, user_id, token_hash, expires_at)
         select gen_random_uuid(), id, '\\x00', now() + interval '1 day' from u)
       insert into email_outbox (event_id, user_id, template, status, next_attempt_at)
       select gen_random_uuid(), id, 'verification', status, now() - interval '10 minutes' from u, unnest(array['pending', 'dead']) status`,
    );
    const { find, code } = await examine(withoutKafka);
    expect(code).to.equal(1);
    expect(find('relay')).to.include({ status: 'fail' });
    expect(find('relay')?.message).to.contain('1 of 1 pending emails are late, the oldest by 10 min');
    // Relays that try it and give it back do not make it younger.
    await query(
      database.url,
      `update email_outbox set due_at = next_attempt_at, next_attempt_at = now() where status = 'pending'`,
    );
    expect((await examine(withoutKafka)).find('relay')?.message).to.contain('late, the oldest by 10 min');
    // One that was asked for again waits for a relay as well; one for nobody does not.
    await query(
      database.url,
      `insert into email_requests (user_id, due_at)
       select id, now() - interval '20 minutes' from users union all select null, now() - interval '1 day'`,
    );
    expect((await examine(withoutKafka)).find('relay')?.message).to.contain(
      '2 of 2 pending emails are late, the oldest by 20 min',
    );
    await query(database.url, 'delete from email_requests');
    expect(find('dead emails')?.status).to.equal('warn');
    expect(find('secret')).to.include({
      status: 'warn',
      message: 'the newest link was made with another FLUENTMEET_SECRET',
    });
  });

  it('tells of emails that are refused and tried again, which are late for no relay', async () => {
    await query(
      database.url,
      `with u as (insert into users (email, hashed_password) values ('ada@example.com', 'x') returning id)
       insert into email_outbox (event_id, user_id, template, status, attempts, last_error, next_attempt_at)
       select gen_random_uuid(), id, 'verification', status, 2, 'Kafka: MESSAGE_TOO_LARGE', now() + interval '1 minute'
       from u, unnest(array['pending', 'published']) status`,
    );
    await query(
      database.url,
      `insert into email_outbox (event_id, user_id, template, status, last_error)
       select gen_random_uuid(), (select id from users), 'verification', 'dead', error
       from unnest(array['Kafka: INVALID_RECORD', 'Kafka: UNKNOWN', 'Kafka: INVALID_RECORD']) error`,
    );
    const { find } = await examine(withoutKafka);
    expect(find('relay')?.status).to.equal('ok');
    expect(find('refused emails')).to.include({
      status: 'warn',
      message: '1 were refused and are tried again, the last for: Kafka: MESSAGE_TOO_LARGE',
    });
    expect(find('dead emails')?.message).to.equal(
      '3 could not be published, most often for: Kafka: INVALID_RECORD',
    );
  });

  it('names the domains whose emails are held, the most first', async () => {
    await query(database.url, 'truncate users cascade');
    await query(
      database.url,
      `with u as (
         insert into users (email, hashed_password)
         select n || case when n < 3 then '@example.org' else '@example.com' end, 'x' from generate_series(1, 5) n
         returning id
       )
       insert into email_outbox (event_id, user_id, template, status, next_attempt_at, domain_hour)
       select gen_random_uuid(), id, 'verification', 'held', timestamptz '2036-03-14T12:00Z', timestamptz '2036-03-14T12:00Z' from u`,
    );
    expect((await examine(withoutKafka)).find('held emails')).to.include({
      status: 'warn',
      message:
        '5 wait for the limit of their domain: example.com (3), example.org (2); the last until 2036-03-14T12:00:00.000Z',
    });
    await query(database.url, 'update email_outbox set domain_hour = null');
    expect((await examine(withoutKafka)).find('held emails')).to.include({
      status: 'ok',
      message: '5, until their mailboxes may get more',
    });
    await query(database.url, 'truncate users cascade');
  });

  it('finds a clock that is off', async () => {
    const ahead = await checkConnection(database.url, () => Date.now() + 10_000);
    expect(ahead[1]).to.include({ check: 'clock', status: 'warn' });
    expect(ahead[1]?.message).to.match(/^this machine is 10\.\d s ahead of the database$/);
    const behind = await checkConnection(database.url, () => Date.now() - 3_600_000);
    expect(behind[1]).to.include({ check: 'clock', status: 'fail' });
  });

  it('tells of a Redis that is away, which is no failure', async () => {
    const [port] = await freePorts(1);
    expect((await examine({ REDIS_URL: `redis://127.0.0.1:${port}` })).find('redis')?.status).to.equal(
      'warn',
    );
  });

  it('does not wait for good for a Redis that says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const redis = (await examine({ REDIS_URL: `redis://127.0.0.1:${port}` })).find('redis');
    expect(redis).to.include({ status: 'warn', message: 'cannot be used (no answer)' });
    silent.close();
  });

  it('exits with 4 while Kafka is away', async () => {
    const { code, find } = await examine();
    expect(find('kafka')).to.include({ status: 'fail' });
    expect(find('mailer')).to.include({
      status: 'ok',
      message: 'not looked at: SMTP_URL or MAIL_FROM is not set here',
    });
    expect(code).to.equal(4);
    const half = await examine({ SMTP_URL: 'smtp://127.0.0.1:1' });
    expect(half.find('mailer')?.message).to.match(/MAIL_FROM is not set/);
    const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'no-reply@example.com' };
    expect((await examine(mail)).find('mailer')).to.include({
      status: 'warn',
      message: 'not looked at: Kafka cannot be asked (above)',
    });
  });

  it('is a list on a terminal and tab-separated in a pipe', async () => {
    const piped = await runCli(['doctor'], { env: { ...env, ...withoutKafka } });
    expect(piped.stdout).to.match(/^ok\tdatabase\t/m);
    const shown = await runCli(['doctor'], {
      env: { ...env, ...withoutKafka, NO_COLOR: '1' },
      terminal: { stdout: true },
    });
    expect(shown.stdout)
      .to.match(/^✗ KAFKA_BROKERS +is not set$/m)
      .and.match(/^ +→ Set it in the environment/m);
    expect(shown.stderr).to.contain('1 failure, ');
    const quiet = await runCli(['doctor', '--quiet'], { env: { ...env, ...withoutKafka } });
    expect(quiet.stdout).to.equal(
      piped.stdout
        .split('\n')
        .filter((line) => line && !line.startsWith('ok'))
        .join('\n') + '\n',
    );
    expect(quiet.stdout).to.match(/^fail\tKAFKA_BROKERS\t/);
  });

  describe('with Kafka', () => {
    let kafka: TestKafka;
    before(async function () {
      kafka = await requireKafka(this);
    });

    it('exits with 0 where everything is well, and finds a missing topic', async () => {
      const topic = `doctor-${process.pid}-${Date.now()}`;
      const settings = { KAFKA_BROKERS: kafka.brokers.join(','), FLUENTMEET_EMAIL_TOPIC: topic };
      const missing = await examine(settings);
      expect(missing.code).to.equal(1);
      expect(missing.find('kafka')?.status).to.equal('ok');
      expect(missing.find('topic')?.message).to.equal(`${topic} does not exist`);
      await createTopic(kafka.brokers, topic);
      const well = await examine(settings);
      expect(well.report.checks.filter(({ status }) => status !== 'ok')).to.deep.equal([]);
      expect(well.code).to.equal(0);
      const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'no-reply@example.com' };
      const mailer = await examine({ ...settings, ...mail });
      const wanting = mailer.report.checks.filter(
        ({ check, status }) => check === 'topic' && status === 'fail',
      );
      expect(wanting.map(({ message }) => message)).to.deep.equal([
        `${topic}.retry does not exist`,
        `${topic}.dead does not exist`,
      ]);
    });

    it('sees whether a mailer reads the topics, what waits on both, and what was given up', async () => {
      const stage = await openStage({
        recipient: (address) =>
          address.startsWith('later') ? { code: 451, text: 'later' } : { code: 550, text: 'no such user' },
      });
      const { main, retry, dead } = stage.topics;
      try {
        const settings = {
          KAFKA_BROKERS: kafka.brokers.join(','),
          FLUENTMEET_EMAIL_TOPIC: main,
          SMTP_URL: `${stage.smtp.url}?tls=off`,
          MAIL_FROM: 'no-reply@example.com',
        };
        const mailer = async () => (await examine(settings)).find('mailer');
        const said = (onMain: number, onRetry: number, given: string) =>
          `messages that wait: ${onMain} on ${main}, ${onRetry} on ${retry}; given up: ${given}`;
        const some = 'some of which may have been brought back since';
        const writer = createTopicWriter({ brokers: kafka.brokers }, stage.logger);
        const earlier = String(Date.now() - 2 * 86_400_000);
        await writer.write(dead, [{ ...emailMessage('old@example.com'), timestamp: earlier }]);
        await writer.close();
        await stage.publish(emailMessage('ada@example.com'));
        // A Kafka that never had a group begins to keep some when it is asked.
        const knowsGroups = async () => !(await mailer())?.message.startsWith('not looked at');
        await until(knowsGroups, 'Kafka knows groups', 60_000);
        expect(await mailer()).to.include({
          status: 'warn',
          message: `no mailer is at the topic; ${said(1, 0, `1 on ${dead}, 0 within a day, ${some}`)}`,
          advice:
            'Start "fluentmeet mailer"; one that runs says in its log why it cannot read (mailer.kafka-away). None is lost until the topic forgets it (retention.ms).',
        });
        const running = stage.startMailer({
          timing: { ...quick, retry: { first: 3_600_000, most: 3_600_000 } },
        });
        await stage.publish(emailMessage('later1@example.com'), emailMessage('later2@example.com'));
        await stage.untilEvents('mailer.deferred', 2);
        const oneDead = said(0, 2, `2 on ${dead}, 1 within a day, ${some}`);
        await until(
          async () => (await mailer())?.message === `mailers at the topic: 1; ${oneDead}`,
          'the main topic is done with',
        );
        const { status, advice } = (await mailer())!;
        expect(status).to.equal('warn');
        expect(advice).to.match(/^The log of the mailer says why \(mailer\.dead\)/);
        await running.stop();
        await stage.publish(emailMessage('grace@example.com'));
        expect(await mailer()).to.include({
          status: 'warn',
          message: `no mailer is at the topic; ${said(1, 2, `2 on ${dead}, 1 within a day, ${some}`)}`,
        });
      } finally {
        await stage.close();
      }
    });
  });
});
