import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createMemorySentLog } from '../../src/mailer/sent-log.js';
import { createRedisSentLog } from '../../src/mailer/redis-sent-log.js';
import { connectRedis } from '../../src/cli/server/redis-client.js';
import { createMailWriter } from '../../src/publishers/smtp/mail-writer.js';
import { until } from '../fluentmeet/test-instance.js';
import { requireKafka } from '../support/kafka.js';
import { type OwnRedis, requireOwnRedis } from '../support/redis.js';
import { emailMessage, type MailStage, openStage, unhurried } from './mail-stage.js';

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...emailMessage(`p${index}@example.com`),
    key: String(index),
  }));

describe('mailers that are killed, stopped and joined', function () {
  this.timeout(300_000);
  let stage: MailStage;
  let redis: OwnRedis;
  before(async function () {
    await requireKafka(this);
    redis = await requireOwnRedis(this);
  });
  after(() => redis.stop());
  afterEach(() => stage.close());

  const hasEvent = (event: string): boolean => stage.logger.entries.some(({ data }) => data.event === event);

  /** The server has taken the mail, and the mailer is killed before it hears of it. */
  async function killedBeforeTheAnswer(redisUrl?: string): Promise<void> {
    stage = await openStage();
    const taken = new Promise<void>((resolve) => {
      stage.smtp.rules = {
        data: (mail) => {
          stage.smtp.mails.push(mail);
          resolve();
          return 'silence';
        },
      };
    });
    const child = stage.startProcess(redisUrl === undefined ? {} : { redis: redisUrl });
    await stage.publish(emailMessage('ada@example.com'));
    await taken;
    child.kill('SIGKILL');
    await once(child, 'exit');
    stage.smtp.rules = {};
  }

  it('sends once more what a killed one had sent and not heard of, as the same mail', async () => {
    await killedBeforeTheAnswer();
    stage.startMailer();
    await stage.smtp.untilMails(2, 60_000);
    const ids = stage.smtp.mails.map(({ parsed }) => parsed.messageId);
    expect(ids[0]).to.be.a('string').and.to.equal(ids[1]);
  });

  it('says so where Redis remembers that the try never ended', async () => {
    await killedBeforeTheAnswer(redis.url);
    const client = await connectRedis(redis.url, stage.logger);
    try {
      const mailer = stage.startMailer({
        sentLog: createRedisSentLog(client, 'test:', stage.logger, { tryLength: 1_000 }),
      });
      await stage.untilEvents('mailer.sent-again', 1, 60_000);
      expect(mailer.counts).to.include({ sent: 1, again: 1 });
    } finally {
      client.close();
    }
  });

  it('counts and names a second mail where the server took the first and never said so', async () => {
    stage = await openStage();
    let cuts = 0;
    stage.smtp.rules = {
      data: (mail) => {
        if (cuts++ > 0) return undefined;
        stage.smtp.mails.push(mail);
        return 'hang-up';
      },
    };
    const client = await connectRedis(redis.url, stage.logger);
    try {
      const mailer = stage.startMailer({ sentLog: createRedisSentLog(client, 'test:', stage.logger) });
      await stage.publish(emailMessage('ada@example.com'));
      await stage.untilEvents('mailer.sent-again');
      expect(mailer.counts).to.include({ sent: 1, again: 1 });
      expect(stage.smtp.mails).to.have.length(2);
    } finally {
      client.close();
    }
  });

  it('goes on where Redis falls silent and stays connected, and asks it again once it answers', async () => {
    stage = await openStage();
    const client = await connectRedis(redis.url, stage.logger);
    try {
      const mailer = stage.startMailer({
        sentLog: createRedisSentLog(client, 'test:', stage.logger),
      });
      await stage.publish(...people(20));
      await stage.smtp.untilMails(20, 60_000);
      redis.freeze();
      await stage.publish(...people(50));
      await stage.smtp.untilMails(70, 60_000);
      const alone = stage.logger.entries.filter(({ data }) => data.event === 'mailer.repeats-alone');
      expect(alone).to.have.length(1);
      redis.thaw();
      const last = emailMessage('last@example.com');
      for (let more = 0; more < 40 && !hasEvent('mailer.repeats-shared'); more++) {
        await stage.publish(emailMessage('more@example.com'));
        await delay(100);
      }
      await stage.untilEvents('mailer.repeats-shared');
      await stage.publish(last);
      const eventId = String(last.headers?.['event-id']);
      await until(
        async () => String(await client.sendCommand(['GET', `test:${eventId}`])) === 'sent',
        'Redis knows of it',
      );
      expect(mailer.counts).to.include({ again: 0, repeated: 0, dead: 0 });
    } finally {
      redis.thaw();
      client.close();
    }
  });

  it('lets the mail in flight finish on SIGTERM’s stop, and another never sends it again', async () => {
    stage = await openStage();
    let release: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      stage.smtp.rules = {
        dataLater: () => {
          resolve();
          return new Promise<void>((go) => (release = go));
        },
      };
    });
    const first = stage.startMailer();
    await stage.publish(emailMessage('one@example.com'));
    await begun;
    const stopping = first.stop();
    release();
    await stopping;
    expect(first.counts.sent).to.equal(1);
    stage.smtp.rules = {};
    stage.startMailer();
    await stage.publish(emailMessage('two@example.com'));
    await stage.smtp.untilMails(2);
    expect(stage.addresses()).to.deep.equal(['one@example.com', 'two@example.com']);
  });

  it('is stopped within ten seconds by a server that never answers, and another sends what it held', async () => {
    stage = await openStage();
    const begun = new Promise<void>((resolve) => {
      stage.smtp.rules = {
        data: () => {
          resolve();
          return 'silence';
        },
      };
    });
    const first = stage.startMailer();
    await stage.publish(emailMessage('one@example.com'));
    await begun;
    const begin = performance.now();
    await first.stop();
    expect(performance.now() - begin).to.be.below(10_000);
    stage.smtp.rules = {};
    stage.startMailer();
    await stage.smtp.untilMails(1);
    expect(stage.addresses()).to.deep.equal(['one@example.com']);
  });

  it('works off thousands that waited while the server was away, each once', async () => {
    stage = await openStage({}, 2, true);
    await stage.smtp.stop();
    const mailer = stage.startMailer();
    await stage.publish(...people(3_000));
    await stage.untilEvents('mailer.paused');
    while (!((await mailer.waiting().catch(() => 0)) >= 3_000))
      await new Promise((resolve) => setTimeout(resolve, 50));
    await stage.smtp.start();
    await stage.smtp.untilMails(3_000, 200_000);
    expect(new Set(stage.addresses()).size).to.equal(3_000);
    expect(stage.smtp.mails).to.have.length(3_000);
    expect(mailer.counts).to.include({ repeated: 0, again: 0, dead: 0, deferred: 0 });
  });

  it('loses none of many that wait, and repeats none, when one of them is killed in the middle', async () => {
    stage = await openStage(unhurried(30), 4);
    await stage.publish(...people(600));
    const settings = { redis: redis.url, tryLength: 5_000 };
    const first = stage.startProcess(settings);
    await stage.smtp.untilMails(100, 60_000);
    first.kill('SIGKILL');
    stage.startProcess(settings);
    await stage.smtp.untilMails(600, 90_000);
    const distinct = () => new Set(stage.addresses());
    while (distinct().size < 600) await new Promise((resolve) => setTimeout(resolve, 50));
    // What was under way when it was killed, and nothing else: ten at a time.
    expect(stage.addresses().length - distinct().size).to.be.at.most(10);
  });

  it('shares the partitions, also when one joins and one leaves in the middle, without repeating any', async () => {
    stage = await openStage(unhurried(30), 4);
    const sentLog = createMemorySentLog();
    const first = stage.startMailer({ sentLog });
    await stage.untilEvents('mailer.joined');
    await stage.publish(...people(300));
    await stage.smtp.untilMails(50);
    const second = stage.startMailer({ sentLog });
    await stage.untilEvents('mailer.joined', 3);
    await stage.publish(...people(300).map((message) => ({ ...message, key: `again ${message.key}` })));
    await stage.smtp.untilMails(350, 60_000);
    await first.stop();
    await stage.untilEvents('mailer.sent', 600, 60_000);
    expect(first.counts.sent + second.counts.sent).to.equal(600);
    expect(first.counts.sent).to.be.above(0);
    expect(second.counts.sent).to.be.above(0);
    expect(new Set(stage.smtp.mails.map(({ parsed }) => parsed.messageId)).size).to.equal(600);
    expect(first.counts.again + second.counts.again).to.equal(0);
  });

  /** The copies of each mail that came more than once, by who sent them, in the order of their coming. */
  const twice = (): string[][] => {
    const senders = new Map<string, string[]>();
    for (const { from, parsed } of stage.smtp.mails) {
      const id = parsed.messageId as string;
      senders.set(id, [...(senders.get(id) ?? []), from]);
    }
    return [...senders.values()].filter(({ length }) => length > 1);
  };
  const writerOf = (from: string) => createMailWriter({ url: `${stage.smtp.url}?tls=off`, from });

  const untilDistinct = async (count: number): Promise<void> => {
    while (new Set(stage.smtp.mails.map(({ parsed }) => parsed.messageId)).size < count)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('loses none in a rebalance without Redis, and sends twice little but what was in flight', async () => {
    stage = await openStage({}, 4);
    const first = stage.startMailer({ writer: writerOf('first@example.com') });
    await stage.untilEvents('mailer.joined');
    await stage.publish(...people(1_000));
    await stage.smtp.untilMails(50);
    const second = stage.startMailer({ writer: writerOf('second@example.com') });
    await stage.untilEvents('mailer.joined', 3);
    await stage.publish(...people(1_000).map((message) => ({ ...message, key: `again ${message.key}` })));
    while (second.counts.sent < 100) await new Promise((resolve) => setTimeout(resolve, 10));
    await first.stop();
    await untilDistinct(2_000);
    await second.stop();
    for (const senders of twice()) expect(senders).to.deep.equal(['first@example.com', 'second@example.com']);
    // Ten are in flight, and those that were sent stand behind one of them: few, and more on a busy machine. Without a commit
    // it would be all that the first one sent.
    expect(twice().length).to.be.at.most(200);
    expect(first.counts.sent + second.counts.sent).to.equal(2_000 + twice().length);
    for (const { counts } of [first, second]) expect(counts).to.include({ again: 0, dead: 0, deferred: 0 });
  });

  it('loses none when one stands still until another has its work, and then sends nothing but what was in flight', async () => {
    stage = await openStage(unhurried(30), 4);
    await stage.publish(...people(600));
    const frozen = stage.startProcess({ from: 'frozen@example.com' });
    await stage.smtp.untilMails(100, 60_000);
    frozen.kill('SIGSTOP');
    stage.startMailer({ writer: writerOf('other@example.com') });
    await untilDistinct(600);
    const before = stage.smtp.mails.length;
    frozen.kill('SIGCONT');
    const since = (): string[] =>
      stage.smtp.mails.slice(before).flatMap(({ from, to }) => (from === 'frozen@example.com' ? to : []));
    const isNew = (address: string): boolean => address.startsWith('new');
    // Until it has a part of the work again.
    for (let round = 1; !since().some(isNew); round++) {
      const more = Array.from({ length: 20 }, (_, index) => ({
        ...emailMessage(`new-${round}-${index}@example.com`),
        key: `${round} ${index}`,
      }));
      await stage.publish(...more);
      await untilDistinct(600 + 20 * round);
    }
    expect(since().filter((address) => !isNew(address)).length).to.be.at.most(10);
  });
});
