import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import sinon from 'sinon';
import { createKafkaPublisher } from '../../../src/publishers/kafka/kafka-publisher.js';
import { canaryPassword } from '../../fluentmeet/canary.js';
import {
  createMigratedInstance,
  rejection,
  type TestInstance,
  until,
} from '../../fluentmeet/test-instance.js';
import {
  type ConsumedMessage,
  consumeAll,
  createTopic,
  type OwnKafka,
  requireOwnKafka,
} from '../../support/kafka.js';
import { unhandledIn } from '../../support/unhandled-in.js';

describe('while Kafka is away', function () {
  this.timeout(90_000);
  let kafka: OwnKafka;
  let instance: TestInstance;
  let topic: string;

  before(async function () {
    kafka = await requireOwnKafka(this);
  });
  after(() => kafka?.stop());

  beforeEach(async () => {
    topic = `emails-${randomUUID()}`;
    await createTopic(kafka.brokers, topic, { partitions: 2 });
    instance = await createMigratedInstance({ kafka: { brokers: kafka.brokers }, emailTopic: topic });
  });
  afterEach(() => instance.stop());

  let made = 0;
  /** One after the other, each timed in milliseconds. */
  async function signUp(count: number): Promise<number[]> {
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const started = performance.now();
      await instance.fluentmeet.signUp({ email: `p${++made}@example.com`, password: canaryPassword });
      times.push(performance.now() - started);
    }
    return times;
  }

  const median = (times: number[]) =>
    times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]!;
  const eventIds = async () =>
    (await instance.query<{ event_id: string }>('select event_id from email_outbox')).map(
      (row) => row.event_id,
    );
  const settled = () =>
    until(
      async () => (await instance.fluentmeet.stats()).emails.pending === 0,
      'nothing was pending',
      40_000,
    );
  const idsOf = (messages: ConsumedMessage[]) => messages.map(({ headers }) => headers['event-id']!);

  async function expectNoTrace(): Promise<void> {
    const rows = await instance.query('select distinct status, attempts from email_outbox');
    expect(rows).to.deep.equal([{ status: 'published', attempts: 0 }]);
  }

  it('signs up as fast as ever, and publishes all 200 once each when it is back', async () => {
    await instance.fluentmeet.start();
    await signUp(10);
    const up = median(await signUp(40));
    await settled();
    await kafka.kill();
    const down = median(await signUp(200));
    console.log(`      a signup: ${up.toFixed(1)} ms with Kafka, ${down.toFixed(1)} ms without`);
    expect(down).to.be.below(up * 5 + 200);
    await until(async () => (await instance.fluentmeet.stats()).relay.state === 'away', 'the relay away');
    expect((await instance.fluentmeet.stats()).emails.pending).to.equal(200);
    expect(instance.events.filter((event) => event === 'relay.away')).to.have.lengthOf(1);

    await kafka.start();
    await settled();
    const messages = await consumeAll(kafka.brokers, topic, { timeoutMs: 40_000 });
    const ids = await eventIds();
    expect(ids).to.have.lengthOf(250);
    expect(idsOf(messages)).to.have.members(ids);
    await expectNoTrace();
    expect((await instance.fluentmeet.stats()).relay).to.deep.equal({
      state: 'running',
      lastError: undefined,
    });
  });

  it('starts without it, and publishes when it comes', async () => {
    await kafka.kill();
    await instance.fluentmeet.start();
    await signUp(20);
    await until(async () => (await instance.fluentmeet.stats()).relay.state === 'away', 'the relay away');
    await kafka.start();
    await settled();
    expect(idsOf(await consumeAll(kafka.brokers, topic, { timeoutMs: 40_000 }))).to.have.members(
      await eventIds(),
    );
    await expectNoTrace();
  });

  it('loses nothing when it is killed in the middle of the work', async () => {
    await instance.fluentmeet.start();
    const signups = signUp(150);
    await until(async () => (await instance.fluentmeet.stats()).emails.pending < made, 'some were published');
    await kafka.kill();
    await signups;
    await kafka.start();
    await settled();
    const ids = idsOf(await consumeAll(kafka.brokers, topic, { timeoutMs: 40_000 }));
    const owed = await eventIds();
    expect(owed).to.have.lengthOf(150);
    // What was appended and not acknowledged may come twice, under its one event id.
    expect(new Set(ids)).to.deep.equal(new Set(owed));
    await expectNoTrace();
  });

  it('signs up and stops in time while it hangs, and gives every lease back', async () => {
    await instance.fluentmeet.start();
    await signUp(1);
    await settled();
    kafka.freeze();
    try {
      const times = await signUp(20);
      expect(median(times)).to.be.below(500);
      const started = performance.now();
      await instance.context.relay.stop();
      expect(performance.now() - started).to.be.below(20_000);
      const rows = await instance.query(
        `select distinct status, attempts, claims, lease_token from email_outbox where status = 'pending'`,
      );
      expect(rows).to.deep.equal([{ status: 'pending', attempts: 0, claims: 0, lease_token: null }]);
    } finally {
      kafka.thaw();
    }
    await instance.fluentmeet.start();
    await settled();
    expect(new Set(idsOf(await consumeAll(kafka.brokers, topic, { timeoutMs: 40_000 })))).to.deep.equal(
      new Set(await eventIds()),
    );
  });
});

it('a publisher of Kafka whose host cannot write its lines says that nobody answers, and ends nothing', async () => {
  const debug = sinon.stub().rejects(new Error('the log is away'));
  const logger = { debug, info() {}, warn() {}, error() {} };
  const publisher = createKafkaPublisher({ kafka: { brokers: ['127.0.0.1:1'] }, topic: 'emails', logger });
  const unhandled = await unhandledIn(async () => {
    expect((await rejection(publisher.check())).message).not.to.contain('the log');
    await publisher.close();
  });
  sinon.assert.called(debug);
  expect(unhandled).to.deep.equal([]);
});
