import { createKafkaPublisher } from '../../src/publishers/kafka/kafka-publisher.js';
import type { Publisher } from '../../src/outbox/publisher.js';
import { createFluentMeet } from '../../src/fluentmeet.js';
import { testOptions } from '../fluentmeet/test-instance.js';

/** A relay as a process of its own, which a test starts, holds up where it wants, and kills. */
export interface RelayOrders {
  database: string;
  brokers: string[];
  topic: string;
  /** Where the process stops for good: with its first batch claimed, or with it published and not yet settled. */
  hangs?: 'before-publish' | 'before-settle';
}

export type RelayReport = 'ready' | 'hangs' | 'stopped';

const orders = JSON.parse(process.argv[2]!) as RelayOrders;
const report = (what: RelayReport): void => void process.send?.(what);
const log = (data: object, message: string): void =>
  void process.stdout.write(`${JSON.stringify({ ...data, message })}\n`);
const logger = { debug: log, info: log, warn: log, error: log };

const kafka = createKafkaPublisher({ kafka: { brokers: orders.brokers }, topic: orders.topic, logger });
const forever = (): Promise<never> => {
  report('hangs');
  return new Promise(() => setInterval(() => undefined, 1_000));
};
const publisher: Publisher = {
  ...kafka,
  async publish(emails) {
    if (orders.hangs === 'before-publish') return forever();
    const results = await kafka.publish(emails);
    return orders.hangs === 'before-settle' ? forever() : results;
  },
};

const fluentmeet = createFluentMeet({ ...testOptions, database: orders.database, publisher, logger });
process.on('message', (message) => {
  if (message === 'start') void fluentmeet.start();
  if (message !== 'stop') return;
  void end();
});

async function end(): Promise<void> {
  await fluentmeet.stop();
  await kafka.close();
  report('stopped');
  process.disconnect();
}
report('ready');
