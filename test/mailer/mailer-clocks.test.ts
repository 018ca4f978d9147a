import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import type { Logger } from '../../src/logger.js';
import { mailerGroup } from '../../src/mailer/topics.js';
import { createKafkaClient, withAdmin } from '../../src/publishers/kafka/kafka-client.js';
import { until } from '../fluentmeet/test-instance.js';
import { consumeAll, requireKafka } from '../support/kafka.js';
import { captureLogger } from '../support/log-capture.js';
import { emailMessage, type MailStage, openStage, quick } from './mail-stage.js';

describe('mailers, their clocks and what waits', function () {
  this.timeout(300_000);
  let stage: MailStage;
  before(async function () {
    await requireKafka(this);
  });
  afterEach(() => stage.close());

  it('joins anew, and goes on, when its clock is put back by ten minutes', async () => {
    stage = await openStage();
    stage.startMailer({ timing: { ...quick, session: 6_000 } });
    await stage.publish(emailMessage('before@example.com'));
    await stage.smtp.untilMails(1);
    const clock = useFakeTimers({ now: Date.now() - 600_000, toFake: ['Date'] });
    try {
      await stage.untilEvents('mailer.kafka-away', 1, 600_000);
      await stage.untilEvents('mailer.joined', 2, 600_000);
      await stage.publish(emailMessage('after@example.com'));
      while (stage.smtp.mails.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(stage.addresses()).to.deep.equal(['before@example.com', 'after@example.com']);
    } finally {
      clock.restore();
    }
  });

  for (const { clock, shift, sent, dead } of [
    {
      ...{ clock: 'ten minutes ahead, and sends no link that lives less than that', shift: 600_000 },
      ...{ sent: ['in-15'], dead: ['in-5', 'ago-5', 'ago-15'] },
    },
    {
      ...{
        clock: 'ten minutes behind, and sends a link that has been dead for less than that',
        shift: -600_000,
      },
      ...{ sent: ['in-15', 'in-5', 'ago-5'], dead: ['ago-15'] },
    },
  ]) {
    it(`goes by its own clock: ${clock}`, async () => {
      stage = await openStage();
      stage.startProcess({}, { FAULTS_CLOCK_SHIFT: String(shift) });
      for (const [name, minutes] of Object.entries({ 'in-15': 15, 'in-5': 5, 'ago-5': -5, 'ago-15': -15 })) {
        const headers = { 'expires-at': new Date(Date.now() + minutes * 60_000).toISOString() };
        await stage.publish(emailMessage(`${name}@example.com`, { headers }));
      }
      await stage.smtp.untilMails(sent.length, 60_000);
      let found: { value: string | null }[] = [];
      while (found.length < dead.length) found = await consumeAll(stage.brokers, stage.topics.dead);
      const given = found.map(({ value }) => (JSON.parse(value ?? '') as { to: string }).to);
      expect(given).to.have.members(dead.map((name) => `${name}@example.com`));
      expect(stage.addresses()).to.have.members(sent.map((name) => `${name}@example.com`));
    });
  }

  it('keeps what waits for its next try over a stop, and sends none of the others again', async () => {
    let isOver = false;
    stage = await openStage({
      recipient: (address) => (address.startsWith('grey') && !isOver ? { code: 450 } : undefined),
    });
    // The first deferral lies far ahead, the second's is over soon: it is done, and cannot be committed yet.
    const slow = { ...quick, retry: { first: 5_000, most: 5_000 } };
    const first = stage.startMailer({ timing: slow });
    await stage.publish(emailMessage('grey@example.com'));
    await stage.untilEvents('mailer.deferred');
    await first.stop();
    const retried = await consumeAll(stage.brokers, stage.topics.retry);
    expect(retried).to.have.length(1);
    isOver = true;
    await stage.publish(emailMessage('a@example.com'));
    stage.startMailer();
    await stage.smtp.untilMails(2);
    expect(stage.addresses()).to.have.members(['a@example.com', 'grey@example.com']);
  });

  it('moves what waits long behind what is done, so that a restart repeats nothing', async () => {
    let refusals = 0;
    stage = await openStage({
      recipient: (address) => {
        if (address.startsWith('long')) return { code: 450 };
        return address.startsWith('short') && refusals++ === 0 ? { code: 450 } : undefined;
      },
    });
    // Every mailer has a memory of its own here, as without Redis.
    const first = stage.startMailer({ timing: { ...quick, retry: { first: 60_000, most: 60_000 } } });
    await stage.publish(emailMessage('long@example.com'));
    await stage.untilEvents('mailer.deferred');
    await first.stop();
    const second = stage.startMailer();
    await stage.publish(emailMessage('short@example.com'));
    await stage.smtp.untilMails(1);
    await second.stop();
    const retried = await consumeAll(stage.brokers, stage.topics.retry);
    expect(retried.map(({ value }) => (JSON.parse(value ?? '') as { to: string }).to)).to.deep.equal([
      ...['long@example.com', 'short@example.com', 'long@example.com'],
    ]);
    expect(retried[2]?.headers['not-before']).to.equal(retried[0]?.headers['not-before']);
    expect(retried[2]?.headers['attempt']).to.equal('1');
    const third = stage.startMailer();
    await stage.publish(emailMessage('last@example.com'));
    await stage.smtp.untilMails(2);
    await third.stop();
    expect(stage.addresses()).to.deep.equal(['short@example.com', 'last@example.com']);
  });

  it('moves thousands that wait behind what is done, more than Kafka takes in one request', async () => {
    const many = 2_000;
    stage = await openStage();
    const deferred = (to: string, notBefore: number) =>
      emailMessage(to, {
        subject: 'Verify your account '.repeat(20),
        headers: { attempt: '1', reason: 'deferred', 'not-before': new Date(notBefore).toISOString() },
      });
    const later = Date.now() + 3_600_000;
    await stage.publishTo(
      stage.topics.retry,
      Array.from({ length: many }, (_, index) => deferred(`p${index}@example.com`, later)),
    );
    await stage.publishTo(stage.topics.retry, [deferred('now@example.com', 0)]);
    const mailer = stage.startMailer({ timing: { ...quick, retry: { first: 60_000, most: 3_600_000 } } });
    await stage.smtp.untilMails(1);
    await until(
      async () => (await committed(stage, stage.topics.retry)) > many,
      'what is done was committed',
    );
    await mailer.stop();
    const events = stage.logger.entries.map(({ data }) => data.event);
    expect(events).not.to.include('mailer.move-failed');
    const all = await consumeAll(stage.brokers, stage.topics.retry);
    const moved = all.slice(many + 1).map(({ headers }) => headers['event-id']);
    expect(moved).to.have.length(many);
    expect(new Set(moved)).to.deep.equal(
      new Set(all.slice(0, many).map(({ headers }) => headers['event-id'])),
    );
  });

  it('keeps nothing of what waits when the group is divided anew', async () => {
    const many = 1_000;
    stage = await openStage();
    const headers = { 'not-before': new Date(Date.now() + 3_600_000).toISOString() };
    await stage.publishTo(
      stage.topics.retry,
      Array.from({ length: many }, () => emailMessage('ada@example.com', { headers })),
    );
    const before = timers();
    const timing = { ...quick, retry: { first: 60_000, most: 3_600_000 } };
    // They may wait again within moments: counted when both have let go, which is before either has joined.
    const atJoins: number[] = [];
    const { logger } = stage;
    const counting: Logger = {
      ...logger,
      info(data, message) {
        if (data.event === 'mailer.joined') atJoins.push(timers() - before);
        logger.info(data, message);
      },
    };
    stage.startMailer({ timing, logger: counting });
    await until(() => timers() - before >= many, 'all of them wait');
    stage.startMailer({ timing, logger: counting });
    await stage.untilEvents('mailer.joined', 3, 60_000);
    expect(atJoins[1]).to.be.below(many);
    await until(() => timers() - before >= many, 'all of them wait again');
    expect(timers() - before).to.be.below(many + 200);
  });
});

/** Up to where the group is done with the first partition of a topic. */
async function committed({ brokers, topics }: MailStage, topic: string): Promise<number> {
  const kafka = createKafkaClient({ brokers }, captureLogger());
  const [offsets] = await withAdmin(
    kafka,
    async (admin) => {
      // First: it makes the admin know its brokers.
      await admin.fetchTopicOffsets(topic);
      return admin.fetchOffsets({ groupId: mailerGroup(topics), topics: [topic] });
    },
    { deadline: 10_000, what: 'asking' },
  );
  return Number(offsets?.partitions[0]?.offset ?? -1);
}

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
