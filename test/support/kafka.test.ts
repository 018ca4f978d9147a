import { expect } from 'chai';
import { Kafka, logLevel } from 'kafkajs';

import { consumeAll, createTopic, requireKafka, requireOwnKafka, type OwnKafka } from './kafka.js';

describe('the Kafka of the tests', () => {
  let brokers: string[];
  before(async function () {
    ({ brokers } = await requireKafka(this));
  });

  it('gives back what was published, with key, headers and partition', async () => {
    await createTopic(brokers, 'kafka-test-round-trip', { partitions: 3 });
    const headers = { 'event-id': 'e1', 'schema-version': '1' };
    await publish(brokers, 'kafka-test-round-trip', [{ key: '7', value: '{"to":"ä"}', headers }]);

    const [message, ...rest] = await consumeAll(brokers, 'kafka-test-round-trip');
    expect(rest).to.deep.equal([]);
    expect(message).to.deep.include({ key: '7', value: '{"to":"ä"}', headers, offset: '0' });
    expect(message!.partition).to.be.oneOf([0, 1, 2]);
    expect(Number(message!.timestamp)).to.be.closeTo(Date.now(), 60_000);
  });

  it('reads an empty topic at once, and says when what it waits for does not come', async () => {
    await createTopic(brokers, 'kafka-test-empty');
    expect(await consumeAll(brokers, 'kafka-test-empty')).to.deep.equal([]);
    const error = await consumeAll(brokers, 'kafka-test-empty', { until: () => false, timeoutMs: 500 }).catch(
      (reason: Error) => reason,
    );
    expect(error).to.be.an('error').with.property('message').that.contains('0 messages');
  });

  it('does not make a topic by itself', async () => {
    const error = failure(publish(brokers, 'kafka-test-nowhere', [{ value: 'x' }], once));
    expect(await error).to.contain('does not host this topic-partition');
  });
});

describe('a Kafka of the test’s own', () => {
  let kafka: OwnKafka;
  before(async function () {
    kafka = await requireOwnKafka(this, { 'message.max.bytes': '5000' });
  });
  after(() => kafka?.stop());

  it('keeps its port and data over a crash', async () => {
    await createTopic(kafka.brokers, 'kept');
    await publish(kafka.brokers, 'kept', [{ value: 'before' }]);
    const pid = kafka.pid;
    await kafka.kill();
    expect(await failure(publish(kafka.brokers, 'kept', [{ value: 'meanwhile' }], once))).to.contain(
      'ECONNREFUSED',
    );

    await kafka.start();
    expect(kafka.pid).to.not.equal(pid);
    await publish(kafka.brokers, 'kept', [{ value: 'after' }]);
    const values = (await consumeAll(kafka.brokers, 'kept')).map(({ value }) => value);
    expect(values).to.deep.equal(['before', 'after']);
  });

  it('falls silent when frozen, and goes on when thawed', async () => {
    kafka.freeze();
    const hasty = { ...once, requestTimeout: 1_500 };
    expect(await failure(publish(kafka.brokers, 'kept', [{ value: 'frozen' }], hasty))).to.match(
      /timeout|timed out/i,
    );
    kafka.thaw();
    await publish(kafka.brokers, 'kept', [{ value: 'thawed' }]);
    expect((await consumeAll(kafka.brokers, 'kept')).at(-1)).to.have.property('value', 'thawed');
  });

  it('takes settings', async () => {
    const big = { value: 'x'.repeat(6000) };
    expect(await failure(publish(kafka.brokers, 'kept', [big]))).to.match(/larger than the max|too large/i);
  });
});

interface Message {
  key?: string;
  value: string;
  headers?: Record<string, string>;
}

/** What a broker that is just back does not answer at once is asked again. */
const patient = { connectionTimeout: 10_000, requestTimeout: 10_000, retry: { retries: 10 } };
const once = { ...patient, retry: { retries: 0 } };

async function publish(
  brokers: string[],
  topic: string,
  messages: Message[],
  patience = patient,
): Promise<void> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, ...patience });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    await producer.send({ topic, messages });
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}

function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );
}
