import { expect } from 'chai';
import { ConfigResourceTypes, Kafka, logLevel, type Message } from 'kafkajs';
import { newToken, tokenValue } from '../../../src/verification/token-value.js';
import { startKafkaProxy } from '../../faults/kafka-proxy.js';
import { emailMessage, type MailStage, openStage } from '../../mailer/mail-stage.js';
import { consumeAll, requireKafka } from '../../support/kafka.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../../fluentmeet/test-instance.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

interface Replay {
  messages: {
    event_id: string;
    status: string;
    reason: string;
    detail: string;
    email_id: number | null;
    newer: { id: number; published_at: string } | null;
    error: string | null;
  }[];
  dry_run: boolean;
}

const refusing = { recipient: () => ({ code: 550, text: 'no such user' }) };
const idOf = ({ headers }: Message): string => String(headers?.['event-id']);

describe('fluentmeet emails replay --event-id', () => {
  let stage: MailStage;
  let database: TestDatabase;
  before(async function () {
    const { brokers } = await requireKafka(this);
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    // A Kafka that never had a group begins to keep some when it is asked.
    const knowsGroups = () =>
      admin.describeGroups(['any']).then(
        () => true,
        () => false,
      );
    await until(knowsGroups, 'Kafka knows groups', 60_000);
    await admin.disconnect();
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
    replayBy({}, eventIds, ...flags);
  const replayBy = (
    other: Record<string, string>,
    eventIds: string | readonly string[],
    ...flags: string[]
  ) =>
    runCli(
      [
        'emails',
        'replay',
        ...[eventIds].flat().flatMap((id) => ['--event-id', id]),
        '--as',
        'alice',
        ...flags,
      ],
      { env: { ...env(), ...other } },
    );
  const onTopic = () => consumeAll(stage.brokers, stage.topics.main);

  /** An account with a link, and the message that its email was published as. */
  async function published(email: string, headers: Record<string, string> = {}): Promise<Message> {
    const { id, hash } = newToken('any secret');
    const verification_link = `https://app.example.com/verify?token=${tokenValue('any secret', id)}`;
    const message = emailMessage(email, { headers, data: { full_name: 'Ada Lovelace', verification_link } });
    const [row] = await query<{ id: string }>(
      database.url,
      `with u as (
         insert into users (email, hashed_password) values ($1, 'x') returning id
       ), t as (
         insert into verification_tokens (id, user_id, token_hash, expires_at)
         select $3, id, $4, now() + interval '1 day' from u returning id
       )
       insert into email_outbox (event_id, user_id, verification_token_id, template, status, published_at)
       select $2, u.id, t.id, 'verification', 'published', now() from u, t returning user_id as id`,
      [email, idOf(message), id, hash],
    );
    return { ...message, key: row!.id };
  }

  /** Puts messages on the dead topic without a mailer. */
  async function bury(...messages: Message[]): Promise<void> {
    const producer = new Kafka({ brokers: stage.brokers, logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    await producer.send({ topic: stage.topics.dead, messages });
    await producer.disconnect();
  }

  async function configure(name: string, value: number): Promise<void> {
    const admin = new Kafka({ brokers: stage.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = [{ name, value: String(value) }];
    const resource = { type: ConfigResourceTypes.TOPIC, name: stage.topics.main, configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
    await admin.disconnect();
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
    const once = await replay(eventId);
    expect(once.code).to.equal(0);
    expect(once.stdout).to.match(/: left, it is on mail-\w+ again since 2\d{3}-.*Z \(refused/);
    expect(once.stderr).not.to.contain('operator.');
    expect(await onTopic()).to.have.length(3);
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
    const unwanted = ['gone', 'verified', 'inactive', 'gone', 'another address', 'gone', 'gone'];
    for (const [at, id] of ids.entries()) {
      expect(lines[at]).to.match(
        at < 2
          ? new RegExp(`^${id}: is on ${stage.topics.main} again \\(refused: SMTP: 550 no such user\\)$`)
          : new RegExp(`^${id}: left, unwanted: in this database the account (is|has) ${unwanted[at - 2]} `),
      );
    }
    expect(run.stderr).to.contain(`\n2 on ${stage.topics.main} again, 7 left (7 unwanted).\n`);
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

  it('brings back each that Kafka takes, tells of each what became of it, and doubles none in a second run', async () => {
    stage = await openStage({}, 3);
    const messages: Message[] = [];
    for (let at = 0; at < 7; at += 1) {
      const message = await published(`user${at}@example.com`);
      const filler = at % 2 === 0 ? 'x'.repeat(3_000) : '';
      const value = JSON.stringify({ ...JSON.parse(message.value as string), filler });
      messages.push({ ...message, value });
    }
    const ids = messages.map(idOf);
    const small = ids.filter((_, at) => at % 2 === 1);
    await bury(...messages);
    await configure('max.message.bytes', 2_000);
    const run = await replay(ids);
    expect(run.code).to.equal(1);
    for (const [at, id] of ids.entries()) {
      expect(run.stdout).to.contain(
        at % 2 === 1 ? `${id}: is on ${stage.topics.main} again` : `${id}: left, Kafka: MESSAGE_TOO_LARGE`,
      );
    }
    expect(run.stderr)
      .to.contain(`3 on ${stage.topics.main} again, 4 left (4 refused).`)
      .and.contain(`operator.emails-replayed count=3 eventIds=${JSON.stringify(small)} by=alice`);
    const eventsOnTopic = async () => (await onTopic()).map(({ headers }) => headers['event-id']);
    expect(await eventsOnTopic()).to.have.members(small);
    await configure('max.message.bytes', 100_000);
    const again = await replay(ids, '--json');
    expect(again.code).to.equal(0);
    expect(again.json<Replay>().messages.map(({ status }) => status)).to.deep.equal(
      ids.map((_, at) => (at % 2 === 1 ? 'back' : 'replayed')),
    );
    expect(await eventsOnTopic()).to.have.members(ids);
  });

  it('stops where Kafka goes away, says which may be there and which were not tried, and is just run again', async () => {
    stage = await openStage();
    const messages = [await published('ada@example.com'), await published('grace@example.com')];
    await bury(...messages);
    const ids = messages.map(idOf);
    const proxy = await startKafkaProxy(stage.brokers[0]!);
    try {
      proxy.loseAcknowledgements(true);
      const run = await replayBy({ KAFKA_BROKERS: proxy.broker }, ids, '--json');
      expect(run.code).to.equal(4);
      expect(run.json<Replay>().messages.map(({ status }) => status)).to.deep.equal([
        'unconfirmed',
        'untouched',
      ]);
      expect(run.json<Replay>().messages[0]?.error).to.match(/^Kafka: /);
      expect(run.stderr).to.contain('Run the same again').and.not.contain('operator.');
    } finally {
      await proxy.stop();
    }
    const again = await replay(ids);
    expect(again.code).to.equal(0);
    expect(again.stdout)
      .to.contain(`${ids[0]}: left, it is on ${stage.topics.main} again since`)
      .and.contain(`${ids[1]}: is on ${stage.topics.main} again`);
    expect((await onTopic()).map(({ headers }) => headers['event-id'])).to.have.members(ids);
  });

  it('brings back once more what died again since', async () => {
    stage = await openStage(refusing);
    stage.startMailer();
    const message = await published('ada@example.com');
    await stage.publish(message);
    await stage.untilEvents('mailer.dead');
    expect((await replay(idOf(message))).code).to.equal(0);
    await stage.untilEvents('mailer.dead', 2);
    const run = await replay(idOf(message), '--json');
    expect(run.json<Replay>().messages[0]).to.include({ status: 'replayed' });
    await stage.untilEvents('mailer.dead', 3);
  });

  it('leaves those whose link is dead, says why and how a fresh one goes out', async () => {
    stage = await openStage();
    const names = ['revoked', 'over', 'pruned', 'used', 'reissued', 'other-secret'];
    const messages: Message[] = [];
    for (const name of names) messages.push(await published(`${name}@example.com`));
    await bury(...messages);
    const of = (name: string) => `user_id = (select id from users where email = '${name}@example.com')`;
    await query(database.url, `delete from verification_tokens where ${of('pruned')}`);
    // Published anew with a fresh link: the old one works until its own end.
    await query(
      database.url,
      `update email_outbox set event_id = gen_random_uuid(), published_at = now() + interval '1 second' where ${of('reissued')}`,
    );
    await query(database.url, `update users set is_verified = true where email like 'used@%'`);
    const other = await published('newer@example.com');
    await bury(other);
    const revoked = `update verification_tokens set expires_at = created_at where ${of('revoked')} or ${of('newer')}`;
    await query(database.url, revoked);
    const past = `update verification_tokens set created_at = now() - interval '2 days', expires_at = now() - interval '1 hour' where ${of('over')}`;
    await query(database.url, past);
    await query(
      database.url,
      `insert into email_outbox (event_id, user_id, template, status, published_at)
       select gen_random_uuid(), user_id, template, status, '2030-01-01T00:00:00Z' from email_outbox where ${of('newer')}`,
    );
    const ids = [...messages, other].map(idOf);
    const run = await replay(ids);
    expect(run.code).to.equal(1);
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines[0]).to.contain(`${ids[0]}: left, its link was revoked by an operator`);
    expect(lines[1]).to.contain(`${ids[1]}: left, its link has expired`);
    expect(lines[2]).to.contain(`${ids[2]}: left, this database does not know its link`);
    expect(lines[3]).to.contain(`${ids[3]}: left, unwanted`);
    expect(lines[4])
      .to.contain(`${ids[4]}: is on ${stage.topics.main} again`)
      .and.match(/a newer one to the same person was published on 2\d{3}-.*Z: email 5$/);
    expect(lines[5]).to.contain(`${ids[5]}: is on ${stage.topics.main} again`);
    expect(lines[6]).to.match(/revoked by an operator; a newer one .* on 2030-01-01T00:00:00.000Z: email 8$/);
    expect(run.stderr).to.contain('fluentmeet emails replay 1 2 3 8 --status published');
    expect((await onTopic()).map(({ headers }) => headers['event-id'])).to.have.members([ids[4], ids[5]]);
  });

  it('leaves what tokens revoke-all has revoked', async () => {
    stage = await openStage();
    const message = await published('ada@example.com');
    await bury(message);
    const revoke = ['tokens', 'revoke-all', '--yes'];
    expect((await runCli(revoke, { env: { DATABASE_URL: database.url } })).code).to.equal(0);
    const run = await replay(idOf(message), '--json');
    expect(run.code).to.equal(1);
    expect(run.json<Replay>().messages[0]).to.include({ status: 'revoked', email_id: 1 });
    expect(await onTopic()).to.have.length(0);
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
        newer: null,
        error: null,
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
