import { expect } from 'chai';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { createFluentMeet, type FluentMeet } from '../../../src/fluentmeet.js';
import { consumeAll, createTopic, requireKafka, type TestKafka } from '../../support/kafka.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { freePorts } from '../../support/processes.js';
import { until } from '../../fluentmeet/test-instance.js';
import { runPrompted } from '../prompted.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

interface Replayed {
  published: number[];
  failing: { id: number; status: string; error: string }[];
  waiting: number[];
  skipped: { id: number; reason: string }[];
  outage: string | null;
}

describe('fluentmeet emails replay', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  before(async () => {
    database = await createDatabase();
    env = {
      DATABASE_URL: database.url,
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
    };
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  beforeEach(() => query(database.url, 'truncate users restart identity cascade'));

  /** Users with a dead email each; resolves with the emails' ids. */
  async function dead(count: number): Promise<number[]> {
    const rows = await query<{ id: string }>(
      database.url,
      `with u as (
         insert into users (email, hashed_password) select 'person' || n || '@example.com', 'x' from generate_series(1, $1::int) n returning id
       )
       insert into email_outbox (event_id, user_id, template, status, attempts, last_error)
       select gen_random_uuid(), id, 'verification', 'dead', 10, 'Kafka: MESSAGE_TOO_LARGE' from u order by id returning id`,
      [count],
    );
    return rows.map(({ id }) => Number(id));
  }
  const statuses = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await query<{ status: string; count: string }>(
          database.url,
          'select status, count(*) from email_outbox group by status',
        )
      ).map(({ status, count }) => [status, Number(count)]),
    );

  it('lets go what is held for a domain after a yes, and no other, and shows why it was held', async () => {
    const [first, second, other] = await dead(3);
    await query(
      database.url,
      `update email_outbox set status = 'held', domain_hour = now(), next_attempt_at = now() + interval '2 hours'
       where id < $1`,
      [other],
    );
    await query(
      database.url,
      `update users set email = 'person@example.org' where id = (select user_id from email_outbox where id = $1)`,
      [second],
    );
    const list = ['emails', 'list', '--domain', 'EXAMPLE.org', '--json'];
    const { emails } = JSON.parse((await runCli(list, { env })).stdout) as { emails: object[] };
    expect(emails).to.have.lengthOf(1);
    expect(emails[0]).to.include({ id: second, status: 'held', held_by: 'domain' });
    const args = ['emails', 'replay', '--status', 'held', '--domain', 'example.com', '--json'];
    expect((await runCli(args, { env })).code).to.equal(2);
    const { stdout } = await runCli([...args, '--yes'], { env });
    expect((JSON.parse(stdout) as Replayed).waiting).to.deep.equal([first]);
    expect(await statuses()).to.deep.equal({ held: 1, pending: 1, dead: 1 });
  });

  it('shows exactly what would go with --dry-run', async () => {
    const ids = await dead(2);
    const { code, stdout, stderr } = await runCli(['emails', 'replay', '--all', '--dry-run'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.equal(
      ids.map((id) => `${id}\tdead\tp***@example.com\t10\tKafka: MESSAGE_TOO_LARGE\n`).join(''),
    );
    expect(stderr).to.contain('2 would be replayed, of 2 accounts; nothing was changed');
    expect(await statuses()).to.deep.equal({ dead: 2 });
  });

  it('says of how many accounts they are: each that was never published goes out', async () => {
    const [first] = await dead(1);
    await query(
      database.url,
      `insert into email_outbox (event_id, user_id, template, status)
       select gen_random_uuid(), user_id, template, status from email_outbox, generate_series(1, 2) where id = $1`,
      [first],
    );
    const { stderr } = await runCli(['emails', 'replay', '--all', '--dry-run'], { env });
    expect(stderr).to.contain('3 would be replayed, of 1 account; nothing was changed');
    await query(
      database.url,
      `update email_outbox set status = 'held', next_attempt_at = now() + interval '1 hour'`,
    );
    const asked = await runPrompted(['emails', 'replay', '--status', 'held'], env);
    await asked.see('Publish 3 emails that a limit holds, of 1 account');
    asked.keypress('enter');
    expect(await asked.code).to.equal(1);
  });

  it('needs neither secret nor links without brokers, and leaves the emails to a relay', async () => {
    const ids = await dead(2);
    const { code, stdout, stderr } = await runCli(['emails', 'replay', '--all'], {
      env: { DATABASE_URL: database.url },
    });
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'pending: 2\n' });
    expect(stderr)
      .to.contain('Neither KAFKA_BROKERS nor SMTP_URL is set here')
      .and.contain('as soon as a relay runs');
    expect(await statuses()).to.deep.equal({ pending: ids.length });
  });

  it('asks for a yes only where something matches', async () => {
    await dead(1);
    for (const status of ['held', 'published']) {
      const none = await runCli(['emails', 'replay', '--status', status], { env });
      expect(none.code).to.equal(0);
      expect(none.stderr).to.contain('No email matches');
      await query(
        database.url,
        `update email_outbox set status = $1, published_at = now() - interval '1 hour'`,
        [status],
      );
      const one = await runCli(['emails', 'replay', '--status', status], { env });
      expect(one.code).to.equal(2);
      expect(one.stderr).to.contain('--yes');
      expect(await statuses()).to.deep.equal({ [status]: 1 });
    }
  });

  it('publishes for each person the newest only, and says how many it leaves out, before and after', async () => {
    const [first] = await dead(2);
    await query(
      database.url,
      `update email_outbox set status = 'published', published_at = now() - interval '1 hour'`,
    );
    await query(
      database.url,
      `insert into email_outbox (event_id, user_id, template, status, published_at)
       select gen_random_uuid(), user_id, template, status, now() - n * interval '1 minute' from email_outbox, generate_series(5, 6) n where id = $1`,
      [first],
    );
    const leftOut = '2: a later one of the same person was published too, or is about to be';
    const args = ['emails', 'replay', '--status', 'published'];
    const dry = await runCli([...args, '--dry-run'], { env });
    expect(dry.stderr).to.contain(`Would be skipped: ${leftOut}`).and.contain('2 would be replayed');
    const asked = await runPrompted(args, env);
    await asked.see('Publish 2 published emails once more');
    expect(asked.screen()).to.contain(`Left out: ${leftOut}`);
    asked.type('n');
    asked.keypress('enter');
    expect(await asked.code).to.equal(1);
    const run = await runCli([...args, '--yes'], { env });
    expect(run.stdout).to.contain('pending: 2').and.contain(`skipped: 2\n  ${leftOut}`);
    expect(await statuses()).to.deep.equal({ pending: 2, published: 2 });
  });

  it('exits with 4 while Kafka is away, and loses nothing', async () => {
    const ids = await dead(3);
    const [port] = await freePorts(1);
    const away = { ...env, KAFKA_BROKERS: `127.0.0.1:${port}` };
    const run = await runCli(['emails', 'replay', '--all', '--json'], { env: away });
    expect(run.code).to.equal(4);
    expect(run.json<Replayed>()).to.deep.include({ waiting: ids, published: [] });
    expect(run.json<Replayed>().outage).to.contain('ECONNREFUSED');
    expect(await statuses()).to.deep.equal({ pending: 3 });
  });

  it('names no Kafka where a mail server is away', async () => {
    await dead(1);
    const [port] = await freePorts(1);
    const { KAFKA_BROKERS: _, ...rest } = env;
    const away = { ...rest, SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'hello@example.com' };
    const run = await runCli(['emails', 'replay', '--all'], { env: away });
    expect(run.code).to.equal(4);
    expect(run.stderr)
      .to.match(/^The publisher cannot be reached: SMTP: /m)
      .and.contain('as soon as a relay runs and reaches its publisher')
      .and.not.contain('Kafka');
  });

  it('names what is missing where it would have to build links', async () => {
    const { code, stderr } = await runCli(['emails', 'replay', '--all'], {
      env: { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:9092' },
    });
    expect(code).to.equal(2);
    expect(stderr).to.contain('FLUENTMEET_SECRET').and.contain('FLUENTMEET_PUBLIC_URL');
  });

  it('offers the dead ones to pick from', async () => {
    const [, two, three] = await dead(3);
    const prompted = await runPrompted(['emails', 'replay', '--json'], { DATABASE_URL: database.url });
    await prompted.see('Which dead emails to replay?');
    expect(prompted.screen()).to.contain('p***@example.com').and.contain('MESSAGE_TOO_LARGE');
    // Newest first: the third and the second.
    prompted.keypress('space');
    prompted.keypress('down');
    prompted.keypress('space');
    prompted.keypress('enter');
    expect(await prompted.code).to.equal(0);
    expect((JSON.parse(prompted.stdout.text) as Replayed).waiting).to.deep.equal([two, three]);
    expect(await statuses()).to.deep.equal({ pending: 2, dead: 1 });
  });

  it('changes nothing when nothing is picked, or nothing is dead', async () => {
    const none = await runPrompted(['emails', 'replay'], { DATABASE_URL: database.url });
    await none.see('No email is dead.');
    expect(await none.code).to.equal(0);
    await dead(1);
    const prompted = await runPrompted(['emails', 'replay'], { DATABASE_URL: database.url });
    await prompted.see('Which dead emails to replay?');
    prompted.keypress('enter');
    await prompted.see('Nothing was chosen.');
    expect(await prompted.code).to.equal(0);
    expect(await statuses()).to.deep.equal({ dead: 1 });
  });

  describe('with Kafka', () => {
    let kafka: TestKafka;
    let topic: string;
    let made = 0;
    let fluentmeet: FluentMeet | undefined;
    before(async function () {
      kafka = await requireKafka(this);
    });
    beforeEach(() => {
      topic = `replay-${process.pid}-${++made}`;
    });
    afterEach(() => fluentmeet?.stop());

    const withKafka = () => ({
      ...env,
      KAFKA_BROKERS: kafka.brokers.join(','),
      FLUENTMEET_EMAIL_TOPIC: topic,
    });
    const cli = (...args: string[]) => runCli(args, { env: withKafka() });

    it('is the end of the story: a mail dies, is found, explained, mended, replayed and published', async () => {
      await createTopic(kafka.brokers, topic, {
        configEntries: [{ name: 'max.message.bytes', value: '200' }],
      });
      fluentmeet = createFluentMeet({
        database: database.url,
        kafka: { brokers: kafka.brokers },
        emailTopic: topic,
        publicUrl: env['FLUENTMEET_PUBLIC_URL']!,
        secret: env['FLUENTMEET_SECRET']!,
        bcryptCost: 4,
        emailMaxAttempts: 1,
        logger: { debug() {}, info() {}, warn() {}, error() {} },
      });
      await fluentmeet.signUp({ email: 'ada@example.com', password: 'MyStr0ngP@ss!' });
      await fluentmeet.start();
      await until(async () => (await statuses())['dead'] === 1, 'the email is dead');
      await fluentmeet.stop();

      const list = await cli('emails', 'list', '--status', 'dead');
      expect(list.stdout).to.contain('MESSAGE_TOO_LARGE');
      const id = list.stdout.split('\t')[0]!;
      const why = await cli('users', 'explain', 'Ada@example.com');
      expect(why.stdout).to.contain('could not be published').and.contain(`fluentmeet emails replay ${id}`);

      const still = await cli('emails', 'replay', id, '--json');
      expect(still.code).to.equal(1);
      expect(still.json<Replayed>().failing[0]?.error).to.contain('larger than the topic allows');

      await setMaxMessageBytes(kafka, topic, '1000000');
      const mended = await cli('emails', 'replay', id);
      expect({ code: mended.code, stdout: mended.stdout }).to.deep.equal({
        code: 0,
        stdout: 'published: 1\n',
      });
      const messages = await consumeAll(kafka.brokers, topic);
      expect(messages).to.have.lengthOf(1);
      expect(JSON.parse(messages[0]!.value!)).to.include({ to: 'ada@example.com', template: 'verification' });
      expect((await cli('users', 'explain', 'ada@example.com')).stdout).to.contain(
        'was handed over, to the mail service or the mailer',
      );
      expect((await cli('emails', 'replay', id)).stdout).to.contain('it is published already');
      expect(await consumeAll(kafka.brokers, topic)).to.have.lengthOf(1);
    });

    it('publishes each email once when two replay at once', async () => {
      await createTopic(kafka.brokers, topic, { partitions: 3 });
      await dead(700);
      const both = await Promise.all([
        cli('emails', 'replay', '--all', '--json'),
        cli('emails', 'replay', '--all', '--json'),
      ]);
      expect(both.map(({ code }) => code)).to.deep.equal([0, 0]);
      expect(await statuses()).to.deep.equal({ published: 700 });
      const keys = (await consumeAll(kafka.brokers, topic)).map(({ key }) => key);
      expect(keys).to.have.lengthOf(700);
      expect(new Set(keys).size).to.equal(700);
    });
  });
});

async function setMaxMessageBytes({ brokers }: TestKafka, topic: string, value: string): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      { type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'max.message.bytes', value }] },
    ],
  });
  await admin.disconnect();
}
