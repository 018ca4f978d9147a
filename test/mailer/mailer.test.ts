import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Kafka, logLevel } from 'kafkajs';
import { renderEmail } from '../../src/mail/render-email.js';
import { mailerGroup } from '../../src/mailer/topics.js';
import type { EmailMessage } from '../../src/outbox/publisher.js';
import { until } from '../fluentmeet/test-instance.js';
import { consumeAll, requireKafka } from '../support/kafka.js';
import { freePorts } from '../support/processes.js';
import { emailMessage, type MailStage, openStage } from './mail-stage.js';

describe('the mailer on a real Kafka and SMTP server', () => {
  let stage: MailStage;
  before(async function () {
    await requireKafka(this);
  });
  afterEach(() => stage.close());

  const addresses = () => stage.smtp.mails.flatMap(({ to }) => to);

  it('stays in no group that it was joining when it was stopped', async () => {
    stage = await openStage();
    for (const wait of [0, 5, 10, 20, 40, 80]) {
      const mailer = stage.startMailer();
      await delay(wait);
      await mailer.stop();
    }
    const admin = new Kafka({ brokers: stage.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const members = async () =>
        (await admin.describeGroups([mailerGroup(stage.topics)])).groups[0]?.members;
      // Whoever joins late is seen to stay.
      for (let times = 0; times < 3; times++) {
        await delay(500);
        await until(async () => (await members())?.length === 0, 'nobody is in the group', 5_000);
      }
    } finally {
      await admin.disconnect();
    }
  });

  it('turns a message into a mail in the reader’s language, once', async () => {
    stage = await openStage();
    const mailer = stage.startMailer();
    const message = emailMessage('ada@example.com', { headers: { language: 'fr-CA' } });
    await stage.publish(message);
    const [mail] = await stage.smtp.untilMails(1);
    expect(mail?.to).to.deep.equal(['ada@example.com']);
    expect(mail?.parsed.messageId).to.equal(`<${String(message.headers?.['event-id'])}@example.com>`);
    expect(mail?.parsed.headers.get('auto-submitted')).to.equal('auto-generated');
    expect(mail?.parsed.headers.get('content-language')).to.equal('fr');
    const written = renderEmail(JSON.parse(String(message.value)) as EmailMessage, { language: 'fr' });
    expect(mail?.parsed.subject).to.equal(written.subject);
    expect(mail?.parsed.text).to.contain('https://app.example.com/verify?token=t');
    expect(String(mail?.parsed.html)).to.contain('lang="fr"');
    await stage.publish(message);
    await stage.untilEvents('mailer.repeated');
    expect(mailer.counts).to.include({ sent: 1, repeated: 1, again: 0, dead: 0 });
    expect(stage.logger.text()).not.to.match(/ada@example|token=t/);
  });

  it('commits what it sent: another mailer begins after it', async () => {
    stage = await openStage();
    const first = stage.startMailer();
    await stage.publish(emailMessage('one@example.com'));
    await stage.smtp.untilMails(1);
    await first.stop();
    stage.startMailer();
    await stage.publish(emailMessage('two@example.com'));
    await stage.smtp.untilMails(2);
    expect(addresses()).to.deep.equal(['one@example.com', 'two@example.com']);
  });

  it('waits while the server is away, loses nothing, and goes on by itself', async () => {
    stage = await openStage();
    await stage.smtp.stop();
    const mailer = stage.startMailer();
    await stage.publish(emailMessage('one@example.com'), emailMessage('two@example.com'));
    await stage.untilEvents('mailer.paused');
    await stage.untilEvents('mailer.joined');
    expect(mailer.smtp).to.equal('away');
    await stage.smtp.start();
    // Not the mails alone: the server has one before the mailer hears that it was taken.
    await stage.untilEvents('mailer.sent', 2);
    expect(addresses()).to.have.members(['one@example.com', 'two@example.com']);
    expect(mailer.counts).to.include({ sent: 2, dead: 0, deferred: 0 });
    expect(mailer.smtp).to.equal('answering');
  });

  for (const [what, rules] of [
    ['421 at RCPT', { recipient: () => ({ code: 421 }) }],
    ['4xx at MAIL FROM', { mail: () => ({ code: 451 }) }],
    ['a sender it refuses', { mail: () => ({ code: 550 }) }],
    [
      'a connection that breaks at every mail',
      { recipient: () => 'hang-up' as const, mail: () => 'hang-up' as const },
    ],
  ] as const) {
    it(`takes ${what} for an outage`, async () => {
      stage = await openStage(rules);
      const mailer = stage.startMailer();
      await stage.publish(emailMessage('one@example.com'));
      await stage.untilEvents('mailer.paused');
      stage.smtp.rules = {};
      await stage.smtp.untilMails(1);
      await stage.untilEvents('mailer.sent');
      expect(mailer.counts).to.include({ sent: 1, dead: 0, deferred: 0 });
      expect(await consumeAll(stage.brokers, stage.topics.dead)).to.have.length(0);
    });
  }

  it('lets one person’s greylisting stop nobody else, and tries again until it is over', async () => {
    let refusals = 0;
    stage = await openStage({
      recipient: (address) =>
        address.startsWith('grey') && refusals++ < 3 ? { code: 450, text: '4.2.1 later' } : undefined,
    });
    const mailer = stage.startMailer();
    await stage.publish(
      emailMessage('grey@example.com'),
      ...['a', 'b', 'c'].map((name) => emailMessage(`${name}@example.com`)),
    );
    await stage.smtp.untilMails(4);
    expect(addresses().at(-1)).to.equal('grey@example.com');
    await stage.untilEvents('mailer.sent', 4);
    expect(mailer.counts).to.include({ sent: 4, deferred: 3, dead: 0 });
    const retried = await consumeAll(stage.brokers, stage.topics.retry);
    expect(retried.map(({ headers }) => headers['attempt'])).to.deep.equal(['1', '2', '3']);
    expect(retried[0]?.headers).to.include({ reason: 'deferred', language: 'en' });
    expect(Date.parse(retried[0]?.headers['not-before'] ?? '')).to.be.above(
      Date.parse(retried[0]?.headers['failed-at'] ?? ''),
    );
  });

  it('ends an email that is deferred for good in the dead topic, with the last answer', async () => {
    stage = await openStage({
      data: ({ to }) =>
        to[0]?.startsWith('grey') ? { code: 451, text: 'grey@example.com later' } : undefined,
    });
    const mailer = stage.startMailer({ maxAttempts: 2 });
    await stage.publish(emailMessage('grey@example.com'), emailMessage('a@example.com'));
    await stage.untilEvents('mailer.sent');
    await stage.untilEvents('mailer.dead');
    const [dead] = await consumeAll(stage.brokers, stage.topics.dead);
    expect(dead?.headers).to.include({ reason: 'deferred', attempt: '2' });
    expect(dead?.headers['detail']).to.equal('SMTP: 451 g***@example.com later');
    expect(dead?.headers).not.to.have.property('not-before');
    expect(mailer.counts).to.include({ sent: 1, deferred: 1, dead: 1 });
  });

  it('puts what no mailer should send into the dead topic, as it came, and the others go on', async () => {
    stage = await openStage({
      recipient: (address) =>
        address.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : undefined,
    });
    stage.startMailer();
    const past = new Date(Date.now() - 1_000).toISOString();
    await stage.publish(
      emailMessage('gone@example.com'),
      emailMessage('late@example.com', { headers: { 'expires-at': past } }),
      emailMessage('new@example.com', { template: 'welcome' }),
      emailMessage('newer@example.com', { headers: { 'schema-version': '2' } }),
      { key: null, value: '{ no JSON' },
      { key: null, value: null },
      { value: 'null' },
      { value: '[]', headers: { 'event-id': 'x' } },
      emailMessage('a@example.com, b@example.com'),
      emailMessage('a@example.com\r\nBcc: b@example.com'),
      emailMessage('a@example.com', { data: { full_name: null } }),
      emailMessage('a@example.com', { data: { full_name: null, verification_link: 'javascript:alert(1)' } }),
      emailMessage('a@example.com', { headers: { 'event-id': '' } }),
      emailMessage('a@example.com', { headers: { 'expires-at': 'soon' } }),
      emailMessage('good@example.com'),
    );
    await stage.smtp.untilMails(1);
    await stage.untilEvents('mailer.dead', 14);
    expect(addresses()).to.deep.equal(['good@example.com']);
    const dead = await consumeAll(stage.brokers, stage.topics.dead);
    const reasons = dead.map(({ headers }) => headers['reason'] ?? '').toSorted();
    expect(reasons).to.deep.equal(
      [
        ...['expired', 'newer-schema', 'unknown-template', 'refused', 'not-json', 'not-json'],
        ...Array.from({ length: 8 }, () => 'not-ours'),
      ].toSorted(),
    );
    expect(dead.some(({ value }) => value === '{ no JSON')).to.equal(true);
    expect(dead.find(({ headers }) => headers['reason'] === 'refused')?.headers['detail']).to.equal(
      'SMTP: 550 5.1.1 no such user',
    );
  });

  it('sets a mail aside at which the server breaks off, and sends the others', async () => {
    stage = await openStage({ data: ({ to }) => (to[0]?.startsWith('poison') ? 'hang-up' : undefined) });
    const mailer = stage.startMailer({ maxAttempts: 2 });
    await stage.publish(
      emailMessage('poison@example.com'),
      emailMessage('a@example.com'),
      emailMessage('b@example.com'),
    );
    await stage.untilEvents('mailer.sent', 2);
    await stage.untilEvents('mailer.dead');
    const [dead] = await consumeAll(stage.brokers, stage.topics.dead);
    expect(dead?.headers['reason']).to.equal('no-answer');
    expect(mailer.counts).to.include({ sent: 2, dead: 1 });
  });

  it('sets a mail aside whose recipient alone is answered 421, and sends the others', async () => {
    stage = await openStage({
      recipient: (address) => (address.startsWith('poison') ? { code: 421 } : undefined),
    });
    const mailer = stage.startMailer({ maxAttempts: 1 });
    await stage.publish(emailMessage('poison@example.com'));
    for (let others = 1; mailer.counts.dead === 0 && others <= 30; others++) {
      await stage.publish(emailMessage(`p${others}@example.com`));
      await stage.smtp.untilMails(others);
    }
    await stage.untilEvents('mailer.dead');
    const [dead] = await consumeAll(stage.brokers, stage.topics.dead);
    // Where the connection was seen to close before the answer was.
    expect(dead?.headers['reason']).to.be.oneOf(['deferred', 'no-answer']);
    expect(mailer.counts.dead).to.equal(1);
  });

  it('says which topic is missing, and begins once it is there', async () => {
    stage = await openStage();
    const topics = { ...stage.topics, dead: `${stage.topics.dead}-other` };
    const mailer = stage.startMailer({ topics });
    await stage.untilEvents('mailer.kafka-away');
    expect(stage.logger.text()).to.contain(`there is no topic ${topics.dead}: create it`);
    expect(mailer.kafka).to.equal('away');
    const { createTopic } = await import('../support/kafka.js');
    await createTopic(stage.brokers, topics.dead);
    await stage.publish(emailMessage('a@example.com'));
    await stage.smtp.untilMails(1);
    await until(() => mailer.kafka === 'joined', 'Kafka heard it');
    expect(mailer.awayReason).to.equal(undefined);
  });

  it('says each new reason: brokers that are back may miss a topic', async () => {
    stage = await openStage();
    const [port = 0] = await freePorts(1);
    const mailer = stage.startMailer({
      kafka: { brokers: [`127.0.0.1:${port}`] },
      topics: { ...stage.topics, dead: `${stage.topics.dead}-other` },
    });
    await stage.untilEvents('mailer.kafka-away');
    expect(mailer.awayReason).to.equal('unavailable');
    const [host, brokerPort] = (stage.brokers[0] as string).split(':');
    const forwarder = createServer((socket) => {
      const broker = connect(Number(brokerPort), host);
      pipeline(socket, broker, socket, () => undefined);
    }).listen(port, '127.0.0.1');
    try {
      await stage.untilEvents('mailer.kafka-away', 2);
      expect(mailer.awayReason).to.equal('topic-missing');
    } finally {
      await mailer.stop();
      forwarder.close();
    }
  });

  it('tells how many wait, also while nothing can be sent', async () => {
    stage = await openStage({}, 3);
    const mailer = stage.startMailer();
    await stage.publish(emailMessage('a@example.com'));
    await stage.smtp.untilMails(1);
    await stage.smtp.stop();
    await stage.publish(
      ...Array.from({ length: 20 }, (_, index) => ({
        ...emailMessage(`p${index}@example.com`),
        key: String(index),
      })),
    );
    await stage.untilEvents('mailer.paused');
    await until(async () => (await mailer.waiting()) === 20, 'twenty waited');
    await stage.smtp.start();
    await stage.smtp.untilMails(21);
    await until(async () => (await mailer.waiting()) === 0, 'none waited');
  });
});
