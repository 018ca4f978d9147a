import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { consumeAll, createTopic, requireKafka } from '../../support/kafka.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';
import { type RunningServer, runServer } from '../run-server.js';
import { until } from '../../fluentmeet/test-instance.js';

describe('fluentmeet relay', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  let relay: RunningServer | undefined;
  beforeEach(async () => {
    database = await createDatabase();
    env = {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
      FLUENTMEET_BCRYPT_COST: '4',
      FLUENTMEET_ADMIN_PORT: '0',
    };
    await runCli(['migrate', 'up'], { env });
  });
  afterEach(async () => {
    relay?.io.signals.emit('SIGTERM');
    await relay?.ended;
    relay = undefined;
    await database.drop();
  });

  it('serves health and metrics while Kafka is away, and ends with 0 on SIGTERM', async () => {
    relay = runServer(['relay'], { env });
    const admin = (await relay.untilEvent('server.admin-listening'))['url'] as string;
    const register = ['register', '--email', 'ada@example.com', '--password-stdin'];
    const { KAFKA_BROKERS: _none, ...withoutKafka } = env;
    expect((await runCli(register, { env: withoutKafka, stdin: 'MyStr0ngP@ss!' })).code).to.equal(0);
    await relay.untilEvent('relay.away');
    expect((await fetch(`${admin}/healthz`)).status).to.equal(200);
    expect(await (await fetch(`${admin}/readyz`)).json()).to.include({ status: 'ready', relay: 'away' });
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    expect(metrics)
      .to.match(/^fluentmeet_relay_running 0$/m)
      .and.match(/^fluentmeet_emails_pending 1$/m)
      .and.match(/^fluentmeet_emails_stale 0$/m)
      .and.match(/^fluentmeet_emails_held_domain 0$/m)
      .and.match(/^fluentmeet_relay_held 0$/m);
    await query(database.url, 'alter table email_outbox rename to away');
    const stale = await (await fetch(`${admin}/metrics`)).text();
    expect(stale, 'an alert on the last value goes on')
      .to.match(/^fluentmeet_emails_stale 1$/m)
      .and.match(/^fluentmeet_emails_pending 1$/m);
    await query(database.url, 'alter table away rename to email_outbox');
    await runCli(['relay', 'pause', '--reason', 'moving'], { env });
    // Also where it began in an outage.
    expect(await (await fetch(`${admin}/metrics`)).text())
      .to.match(/^fluentmeet_relay_held 1$/m)
      .and.match(/^fluentmeet_relay_running 1$/m);
    // Each answer of it is kept for a moment.
    const readiness = async () => (await (await fetch(`${admin}/readyz`)).json()) as { relay: string };
    await until(async () => (await readiness()).relay === 'held', 'it was held');
    relay.io.signals.emit('SIGTERM');
    expect(await relay.ended).to.equal(0);
    const [email] = await query(database.url, 'select status, lease_token, attempts from email_outbox');
    expect(email).to.deep.equal({ status: 'pending', lease_token: null, attempts: 0 });
  });

  it('names the missing settings at once, refuses pending migrations, and ends with 4 without a database', async () => {
    const missing = await runCli(['relay'], { env: {} });
    expect(missing.code).to.equal(2);
    for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET']) {
      expect(missing.stderr).to.contain(name);
    }
    await runCli(['migrate', 'down', '--yes'], { env });
    const behind = await runCli(['relay'], { env });
    expect(behind.code).to.equal(1);
    expect(behind.stderr).to.contain('fluentmeet migrate up');
    const away = await runCli(['relay', '--wait', '0s'], {
      env: { ...env, DATABASE_URL: 'postgres://u:p@127.0.0.1:1/app' },
    });
    expect(away.code).to.equal(4);
  });

  describe('with a real Kafka', () => {
    const topic = `cli-${randomBytes(6).toString('hex')}`;
    let brokers: string[];
    before(async function () {
      ({ brokers } = await requireKafka(this));
      await createTopic(brokers, topic);
    });

    it('publishes what waits, and register publishes its own email without any relay', async () => {
      const { KAFKA_BROKERS: _none, ...withoutKafka } = env;
      const kafka = { ...env, KAFKA_BROKERS: brokers.join(','), FLUENTMEET_EMAIL_TOPIC: topic };
      const register = (email: string) => ['register', '--email', email, '--password-stdin', '--json'];
      const stdin = 'MyStr0ngP@ss!';
      await runCli(register('waits@example.com'), { env: withoutKafka, stdin });
      const own = await runCli(register('own@example.com'), { env: kafka, stdin });
      expect(own.code).to.equal(0);
      expect(own.json<{ email: { status: string } }>().email.status).to.equal('published');
      expect(own.stderr).to.contain(topic);

      relay = runServer(['relay'], { env: kafka });
      const messages = await consumeAll(brokers, topic, { until: (all) => all.length >= 2 });
      expect(messages.map(({ value }) => (JSON.parse(value ?? '') as { to: string }).to)).to.have.members([
        'waits@example.com',
        'own@example.com',
      ]);
      const { seconds } = await relay.untilEvent('email.published');
      expect(seconds, 'since the commit').to.be.a('number').that.is.within(0, 30);
      const admin = (await relay.untilEvent('server.admin-listening'))['url'] as string;
      const metrics = await (await fetch(`${admin}/metrics`)).text();
      expect(metrics)
        .to.match(/^fluentmeet_publish_seconds_count 1$/m)
        .and.match(/^fluentmeet_database_connections\{state="most"\} 10$/m);
      await runCli(['relay', 'pause', '--reason', 'moving'], { env: kafka });
      expect(await (await fetch(`${admin}/readyz`)).json()).to.include({ status: 'ready', relay: 'held' });
      relay.io.signals.emit('SIGTERM');
      expect(await relay.ended).to.equal(0);
    });
  });
});
