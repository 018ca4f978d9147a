import { expect } from 'chai';
import { ConfigResourceTypes, Kafka, logLevel, type Message } from 'kafkajs';
import { emailMessage, type MailStage, openStage } from '../../mailer/mail-stage.js';
import { consumeAll, requireKafka } from '../../support/kafka.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

interface Replay {
  messages: { event_id: string; status: string; reason: string; detail: string; email_id: number | null }[];
  dry_run: boolean;
}

const refusing = { recipient: () => ({ code: 550, text: 'no such user' }) };
const idOf = ({ headers }: Message): string => String(headers?.['event-id']);

describe('fluentmeet emails replay --event-id', () => {
  let stage: MailStage;
  let database: TestDatabase;
  before(async function () {
    await requireKafka(this);
    database = await createDatabase();
    await runCli(['migrate', 'up'], { env: { DATABASE_URL: database.url } });
  });
  after(() => database?.drop());
  beforeEach(() => query(database.url, 'truncate users, relay_pause restart identity cascade'));
  afterEach(() => stage.close());

  const env = () => ({
    DATABASE_URL: database.url,
    KAFKA_BROKERS: stage.brokers.join(','),
    FLUENTMEET_EMAIL_TOPIC: stage.topics.main,
  });
  const replay = (eventIds: string | readonly string[], ...flags: string[]) =>
    runCli(
      [
        'emails',
        'replay',
        ...[eventIds].flat().flatMap((id) => ['--event-id', id]),
        '--as',
        'alice',
        ...flags,
      ],
      { env: env() },
    );
  const onTopic = () => consumeAll(stage.brokers, stage.topics.main);

  /** An account and the message that its email was published as. */
  async function published(email: string, headers: Record<string, string> = {}): Promise<Message> {
    const message = emailMessage(email, { headers });
    const [row] = await query<{ id: string }>(
      database.url,
      `with u as (insert into users (email, hashed_password) values ($1, 'x') returning id)
       insert into email_outbox (event_id, user_id, template, status, published_at)
       select $2, id, 'verification', 'published', now() from u returning user_id as id`,
      [email, idOf(message)],
    );
    return { ...message, key: row!.id };
  }

  it('brings a dead one back, with all its attempts, and a mailer sends it', async () => {
    stage = await openStage(refusing, 3);
    stage.startMailer();
    const message = await published('ada@example.com', { language: 'ja' });
    const eventId = idOf(message);
    await stage.publish(message, await published('grace@example.com'));
    await stage.untilEvents('mailer.dead', 2);
    stage.smtp.rules = {};
    const dry = await replay(eventId, '--dry-run', '--json');
    expect(dry.code).to.equal(0);
    expect(dry.json<Replay>()).to.deep.include({ dry_run: true });
    expect(dry.json<Replay>().messages[0]).to.include({ status: 'replayed', reason: 'refused' });
    expect(dry.stderr).not.to.contain('operator.');
    expect(await onTopic()).to.have.length(2);
    const run = await replay(eventId, '--json');
    expect(run.json<Replay>().messages[0]).to.include({
      status: 'replayed',
      detail: 'SMTP: 550 no such user',
    });
    expect(run.stderr).to.contain(`operator.emails-replayed count=1 eventIds=["${eventId}"] by=alice`);
    const [mail] = await stage.smtp.untilMails(1);
    expect(mail?.to).to.deep.equal(['ada@example.com']);
    const again = (await onTopic()).findLast(({ headers }) => headers['event-id'] === eventId);
    expect(again?.headers)
      .to.include({ language: 'ja' })
      .and.not.have.any.keys('attempt', 'reason', 'detail');
    // Sent by now: once more is a repeat.
    await replay(eventId);
    await stage.untilEvents('mailer.repeated');
    expect(stage.smtp.mails).to.have.length(1);
  });

  it('takes several, and puts none back that nobody wants any more', async () => {
    stage = await openStage(refusing);
    stage.startMailer();
    const people = ['ada', 'grace', 'erased', 'verified', 'inactive', 'deleted', 'moved'];
    const messages: Message[] = [];
    for (const name of people) messages.push(await published(`${name}@example.com`));
    // Whoever writes to the topic is not asked what is a key, and what an address.
    messages.push({ ...emailMessage('nobody@example.com'), key: '-1' }, emailMessage('\0@example.com'));
    await stage.publish(...messages);
    await stage.untilEvents('mailer.dead', messages.length);
    await query(database.url, `delete from users where email like 'erased@%'`);
    await query(database.url, `update users set is_verified = true where email like 'verified@%'`);
    await query(database.url, `update users set is_active = false where email like 'inactive@%'`);
    await query(database.url, `update users set deleted_at = now() where email like 'deleted@%'`);
    await query(database.url, `update users set email = 'elsewhere@example.com' where email like 'moved@%'`);
    const ids = messages.map(idOf);
    const run = await replay([...ids, ids[0]!]);
    expect(run.code).to.equal(0);
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines).to.have.length(messages.length);
    for (const [at, id] of ids.entries()) {
      expect(lines[at]).to.match(
        at < 2
          ? new RegExp(`^${id}: is on ${stage.topics.main} again \\(refused: SMTP: 550 no such user\\)$`)
          : new RegExp(`^${id}: left, unwanted: in this database the account is gone, verified or inactive`),
      );
    }
    expect(run.stderr).to.contain(`operator.emails-replayed count=2 eventIds=["${ids[0]}","${ids[1]}"]`);
    const [...all] = await onTopic();
    expect(all.slice(messages.length).map(({ headers }) => headers['event-id'])).to.have.members(
      ids.slice(0, 2),
    );
  });

  it('is refused while an operator holds all mail back', async () => {
    stage = await openStage(refusing);
    stage.startMailer();
    const message = await published('ada@example.com');
    await stage.publish(message);
    await stage.untilEvents('mailer.dead');
    const pause = ['relay', 'pause', '--reason', 'the mail service moves', '--for', '2h'];
    await runCli(pause, { env: { DATABASE_URL: database.url } });
    const refused = await replay(idOf(message));
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.match(/holds all mail back until \d{4}-.*Z: the mail service moves/);
    expect(await onTopic()).to.have.length(1);
    expect((await replay(idOf(message), '--dry-run')).code).to.equal(0);
    await runCli(['relay', 'resume'], { env: { DATABASE_URL: database.url } });
    expect((await replay(idOf(message))).code).to.equal(0);
    expect(await onTopic()).to.have.length(2);
  });

  it('says how many are back where Kafka refuses another, and so does the log', async () => {
    stage = await openStage();
    const [row] = await query<{ id: string }>(
      database.url,
      `insert into users (email, hashed_password) values ('ada@example.com', 'x') returning id`,
    );
    const small = Array.from({ length: 200 }, () => ({ ...emailMessage('ada@example.com'), key: row!.id }));
    const large = { ...emailMessage('ada@example.com', { filler: 'x'.repeat(500_000) }), key: row!.id };
    const client = new Kafka({ brokers: stage.brokers, logLevel: logLevel.NOTHING });
    const [producer, admin] = [client.producer(), client.admin()];
    await Promise.all([producer.connect(), admin.connect()]);
    await producer.send({ topic: stage.topics.dead, messages: [...small, large] });
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: stage.topics.main,
          configEntries: [{ name: 'max.message.bytes', value: '400000' }],
        },
      ],
    });
    await Promise.all([producer.disconnect(), admin.disconnect()]);
    const run = await replay([...small, large].map(idOf));
    expect(run.code).to.equal(1);
    expect(run.stderr)
      .to.contain('MESSAGE_TOO_LARGE')
      .and.contain(`200 of 201 are on ${stage.topics.main} again`)
      .and.match(/operator\.emails-replayed count=200 .* more=180 by=alice/);
    expect(await onTopic()).to.have.length(200);
  });

  it('brings back none that expired, says how else, and where there is none', async () => {
    stage = await openStage();
    const missing = await replay('no-such-event', '--json');
    expect(missing.code).to.equal(1);
    expect(missing.json<Replay>().messages).to.deep.equal([
      {
        event_id: 'no-such-event',
        status: 'missing',
        reason: null,
        detail: null,
        failed_at: null,
        email_id: null,
      },
    ]);
    stage.startMailer();
    const past = { 'expires-at': new Date(0).toISOString() };
    const expired = [await published('ada@example.com', past), await published('grace@example.com', past)];
    await stage.publish(...expired);
    await stage.untilEvents('mailer.dead', 2);
    await query(database.url, 'delete from email_outbox where id = 2');
    const run = await replay(expired.map(idOf));
    expect(run.code).to.equal(1);
    expect(run.stdout).to.contain(`${idOf(expired[0]!)}: left, its link has expired (expired)`);
    expect(run.stderr)
      .to.contain('fluentmeet emails replay 1 --status published')
      .and.contain('POST /resend-verification')
      .and.not.contain('operator.');
    expect(await onTopic()).to.have.length(2);
  });

  it('is asked for alone, with a database and brokers that answer', async () => {
    stage = await openStage();
    expect((await runCli(['emails', 'replay', '12', '--event-id', 'x'], { env: {} })).code).to.equal(2);
    expect((await runCli(['emails', 'replay', '--event-id', 'x'], { env: {} })).stderr)
      .to.contain('KAFKA_BROKERS')
      .and.contain('DATABASE_URL');
    const away = await runCli(['emails', 'replay', '--event-id', 'x'], {
      env: { ...env(), KAFKA_BROKERS: '127.0.0.1:1' },
    });
    expect(away.code).to.equal(4);
    const missing = await runCli(['emails', 'replay', '--event-id', 'x'], {
      env: { ...env(), FLUENTMEET_EMAIL_TOPIC: 'no-such-topic-at-all' },
    });
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.contain('no-such-topic-at-all.dead');
  });
});
