import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { InvalidOptionsError } from '../../../src/errors.js';
import { createKafkaPublisher } from '../../../src/publishers/kafka/kafka-publisher.js';
import type { OutgoingEmail, Publisher } from '../../../src/outbox/publisher.js';
import { canaryLogger, canaryPassword } from '../../fluentmeet/canary.js';
import {
  createMigratedInstance,
  rejection,
  type Registered,
  type TestInstance,
  until,
} from '../../fluentmeet/test-instance.js';
import { sampleEmail, testPublisher } from '../../../src/testing/index.js';
import { consumeAll, createTopic, requireKafka } from '../../support/kafka.js';

/** Longer than a broker that shares two cores with everything else may take. */
const patience = { timeoutMs: 40_000 };

const newTopic = () => `emails-${randomUUID()}`;

describe('createKafkaPublisher', () => {
  const right = { kafka: { brokers: ['127.0.0.1:1'] }, topic: 'emails' };

  it('needs no logger, also where no broker answers', async () => {
    const publisher = createKafkaPublisher(right);
    const [result] = await publisher.publish([sampleEmail()]);
    await publisher.close();
    expect(result).to.include({ status: 'unavailable' });
    expect(result).to.have.nested.property('error.message').that.contains('ECONNREFUSED');
  });

  it('refuses each option that is wrong by its own name', () => {
    for (const [options, message] of [
      [{}, /: createKafkaPublisher\.kafka: is missing; createKafkaPublisher\.topic: is missing$/],
      [
        { ...right, kafka: { brokers: ['x'] } },
        /: createKafkaPublisher\.kafka\.brokers\.0: must be host:port$/,
      ],
      [{ ...right, topic: 'a b' }, /: createKafkaPublisher\.topic: must be a Kafka topic name$/],
      [{ ...right, logger: {} }, /: createKafkaPublisher\.logger: must be a logger, with debug, info/],
      [{ ...right, emailTopic: 'x' }, /: createKafkaPublisher: there is no option emailTopic$/],
    ] as const) {
      expect(() => createKafkaPublisher(options as never)).to.throw(InvalidOptionsError, message);
    }
  });
});

describe('publishing to a real Kafka', function () {
  this.timeout(60_000);
  let brokers: string[];
  const toStop: (() => Promise<unknown>)[] = [];
  before(async function () {
    ({ brokers } = await requireKafka(this));
  });
  afterEach(async () => {
    for (const stop of toStop.splice(0).toReversed()) await stop();
  });

  async function instanceOn(emailTopic: string, options = {}): Promise<TestInstance> {
    const instance = await createMigratedInstance({ kafka: { brokers }, emailTopic, ...options });
    toStop.push(() => instance.stop());
    return instance;
  }

  const isEmpty = (instance: TestInstance) => async () =>
    (await instance.fluentmeet.stats()).emails.pending === 0;

  it('puts exactly the message of the contract on the topic, with its key and headers', async () => {
    const topic = newTopic();
    await createTopic(brokers, topic, { partitions: 3 });
    const instance = await instanceOn(topic);
    await instance.fluentmeet.start();
    const ada = await instance.register('ada', { full_name: 'Ada Löveläce', listening_language: 'fr' });
    const grace = await instance.register('grace');
    const messages = await consumeAll(brokers, topic, { ...patience, until: ({ length }) => length === 2 });

    const toAda = messages.find(({ key }) => key === String(ada.id))!;
    const [token] = await instance.query<{ created_at: Date; expires_at: Date }>(
      'select created_at, expires_at from verification_tokens where id = $1',
      [ada.tokenId],
    );
    expect(toAda.headers).to.deep.equal({
      'event-id': ada.eventId,
      'event-type': 'email.verification',
      'content-type': 'application/json',
      'schema-version': '1',
      language: 'fr',
      'created-at': token!.created_at.toISOString(),
      'expires-at': token!.expires_at.toISOString(),
    });
    expect(JSON.parse(toAda.value!)).to.deep.equal({
      to: 'ada@example.com',
      subject: 'Verify your FluentMeet account',
      template: 'verification',
      data: {
        full_name: 'Ada Löveläce',
        verification_link: `https://app.example.com/api/v1/auth/verify-email?token=${ada.token}`,
      },
    });
    const toGrace = messages.find(({ key }) => key === String(grace.id))!;
    expect(JSON.parse(toGrace.value!).data).to.deep.equal({
      full_name: null,
      verification_link: `https://app.example.com/api/v1/auth/verify-email?token=${grace.token}`,
    });
    expect(toGrace.headers['language']).to.equal('en');
    const { verification_link } = JSON.parse(toGrace.value!).data;
    const value = new URL(verification_link).searchParams.get('token')!;
    expect((await instance.fluentmeet.verifyEmail(value)).status).to.equal('verified');
  });

  it("puts one person's emails on one partition, in their order", async () => {
    const topic = newTopic();
    await createTopic(brokers, topic, { partitions: 4 });
    const publisher = kafkaPublisher(topic);
    const emails = Array.from({ length: 40 }, (_, index) =>
      outgoing({ key: String(index % 8), name: String(index) }),
    );
    await publisher.publish(emails);
    const messages = await consumeAll(brokers, topic, patience);
    const byKey = groupByKey(messages);
    expect(byKey.size).to.equal(8);
    for (const [key, theirs] of byKey) {
      expect(new Set(theirs.map(({ partition }) => partition)).size).to.equal(1);
      const order = theirs.map(({ value }) => Number(JSON.parse(value!).data.full_name));
      expect(order).to.deep.equal([0, 1, 2, 3, 4].map((n) => n * 8 + Number(key)));
    }
    expect(new Set(messages.map(({ partition }) => partition)).size).to.be.above(1);
  });

  it('answers for each email in its order: a message too large is refused, the good ones pass exactly once', async () => {
    const topic = newTopic();
    await createTopic(brokers, topic, {
      partitions: 3,
      configEntries: [{ name: 'max.message.bytes', value: '2000' }],
    });
    const publisher = kafkaPublisher(topic);
    const emails = Array.from({ length: 12 }, (_, index) =>
      outgoing({ key: String(index), name: index === 5 ? randomBase(4_000) : randomBase(60) }),
    );
    const results = await publisher.publish(emails);
    expect(results.map(({ status }) => status)).to.deep.equal(
      emails.map((_, index) => (index === 5 ? 'rejected' : 'published')),
    );
    expect(results[5])
      .to.have.property('error')
      .with.property('message')
      .that.matches(/MESSAGE_TOO_LARGE/);
    const messages = await consumeAll(brokers, topic, patience);
    expect(messages.map(({ headers }) => headers['event-id'])).to.have.members(
      emails.filter((_, index) => index !== 5).map(({ headers }) => headers['event-id']),
    );
    // And goes on after it.
    expect(await publisher.publish([outgoing({})])).to.deep.equal([{ status: 'published' }]);
  });

  it('ends an email that is too large dead, with its error, while its neighbours are published once', async () => {
    const topic = newTopic();
    await createTopic(brokers, topic, {
      partitions: 3,
      configEntries: [{ name: 'max.message.bytes', value: '1200' }],
    });
    const instance = await instanceOn(topic, { emailMaxAttempts: 2 });
    const people: Registered[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) people.push(await instance.register(name));
    const large = people[2]!;
    // No name this long gets in; it stands for whatever makes a message too large.
    await instance.query(`update users set full_name = repeat('x', 5000) where id = $1`, [large.id]);
    await instance.fluentmeet.start();
    await until(
      async () => (await instance.fluentmeet.stats()).emails.pending === 1,
      'the good ones were published',
    );
    // Its second and last attempt, without waiting for the backoff.
    await instance.query('update email_outbox set next_attempt_at = now()');
    instance.context.relay.wake();
    await until(isEmpty(instance), 'nothing was pending');
    const rows = await instance.query(
      `select id, attempts, last_error from email_outbox where status = 'dead'`,
    );
    expect(rows).to.deep.equal([
      {
        id: large.outboxId,
        attempts: 2,
        last_error:
          'Kafka: MESSAGE_TOO_LARGE, the message is larger than the topic allows: raise its max.message.bytes',
      },
    ]);
    const messages = await consumeAll(brokers, topic, patience);
    expect(messages.map(({ headers }) => headers['event-id'])).to.have.members(
      people.filter((person) => person !== large).map(({ eventId }) => eventId),
    );
    expect(instance.events).not.to.include('relay.away');
  });

  it('waits for a topic that is missing, spends no attempt on it, and publishes once it is there', async () => {
    const topic = newTopic();
    const instance = await instanceOn(topic);
    await instance.fluentmeet.start();
    const people = [await instance.register('ada'), await instance.register('grace')];
    await until(async () => (await instance.fluentmeet.stats()).relay.state === 'away', 'the relay away');
    expect((await instance.fluentmeet.stats()).relay.lastError).to.equal(
      `Kafka: UNKNOWN_TOPIC_OR_PARTITION, the topic ${topic} does not exist: create it`,
    );
    const rows = await instance.query(
      'select distinct status, attempts, claims from email_outbox where lease_token is null',
    );
    expect(rows).to.deep.equal([{ status: 'pending', attempts: 0, claims: 0 }]);
    expect((await rejection(instance.context.publisher!.check())).message).to.match(/UNKNOWN_TOPIC/);

    await createTopic(brokers, topic);
    const messages = await consumeAll(brokers, topic, { ...patience, until: ({ length }) => length >= 2 });
    expect(messages.map(({ headers }) => headers['event-id'])).to.have.members(
      people.map(({ eventId }) => eventId),
    );
    await until(isEmpty(instance), 'both were settled');
    expect((await instance.fluentmeet.stats()).relay).to.deep.equal({
      state: 'running',
      lastError: undefined,
    });
    await instance.context.publisher!.check();
  });

  it('publishes within milliseconds of the commit', async () => {
    const topic = newTopic();
    await createTopic(brokers, topic);
    const logger = canaryLogger();
    const acknowledged = new Map<string, number>();
    const kafka = kafkaPublisher(topic);
    const publisher: Publisher = {
      ...kafka,
      async publish(emails) {
        const results = await kafka.publish(emails);
        for (const { key } of emails) acknowledged.set(key, performance.now());
        return results;
      },
    };
    const instance = await createMigratedInstance({ publisher, logger });
    toStop.push(() => instance.stop());
    await instance.fluentmeet.start();
    const waits: number[] = [];
    for (let index = 0; index < 120; index++) {
      const { id } = await instance.fluentmeet.signUp({
        email: `p${index}@example.com`,
        password: canaryPassword,
      });
      const committed = performance.now();
      await until(() => acknowledged.has(String(id)), `email ${index} was acknowledged`);
      // The first ones open the connections.
      if (index >= 20) waits.push(acknowledged.get(String(id))! - committed);
    }
    waits.sort((one, other) => one - other);
    const [p50, p99] = [waits[50]!, waits[98]!].map((wait) => wait.toFixed(1));
    console.log(`      commit to Kafka's acknowledgement: p50 ${p50} ms, p99 ${p99} ms`);
    expect(waits[50]).to.be.below(500);
  });

  it('puts no more into one request than one partition takes', async () => {
    const topic = newTopic();
    await createTopic(brokers, topic, {
      partitions: 1,
      configEntries: [{ name: 'max.message.bytes', value: '350000' }],
    });
    const logger = canaryLogger();
    const publisher = createKafkaPublisher({ kafka: { brokers }, topic, logger });
    toStop.unshift(() => publisher.close());
    const results = await publisher.publish(Array.from({ length: 1_000 }, () => outgoing({})));
    expect(new Set(results.map(({ status }) => status))).to.deep.equal(new Set(['published']));
    expect(await consumeAll(brokers, topic, patience)).to.have.lengthOf(1_000);
    // kafkajs would have told of a request that Kafka refused.
    expect(logger.events).not.to.include('kafka.client');
  });

  describe('by the conformance suite', () => {
    testPublisher(
      async () => {
        const topic = newTopic();
        await createTopic(brokers, topic, {
          partitions: 3,
          configEntries: [{ name: 'max.message.bytes', value: '3000' }],
        });
        return {
          publisher: createKafkaPublisher({ kafka: { brokers }, topic, logger: canaryLogger() }),
          refused: sampleEmail({ full_name: randomBase(5_000) }),
          received: async () =>
            (await consumeAll(brokers, topic, patience)).map(({ headers }) => headers['event-id']!),
        };
      },
      { describe, it },
    );
  });

  function kafkaPublisher(topic: string): Publisher {
    const publisher = createKafkaPublisher({ kafka: { brokers }, topic, logger: canaryLogger() });
    toStop.unshift(() => publisher.close());
    return publisher;
  }
});

function outgoing({ key = '1', name = 'Ada' }: { key?: string; name?: string }): OutgoingEmail {
  return { ...sampleEmail({ full_name: name, to: 'a***' }), key };
}

/** Text that no compression makes shorter. */
function randomBase(length: number): string {
  let text = '';
  while (text.length < length) text += randomUUID();
  return text.slice(0, length);
}

function groupByKey<T extends { key: string | null }>(messages: T[]): Map<string | null, T[]> {
  const groups = new Map<string | null, T[]>();
  for (const message of messages) groups.set(message.key, [...(groups.get(message.key) ?? []), message]);
  return groups;
}
