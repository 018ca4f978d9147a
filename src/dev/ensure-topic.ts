import { Kafka, logLevel } from 'kafkajs';
import { kafkaErrorText } from '../publishers/kafka/kafka-error.js';
import { withDeadline } from '../deadline.js';
import type { KafkaOptions } from '../options.js';

const deadline = 6_000;

/** Creates the topic with the broker's own defaults where it is missing; resolves with whether it was. */
export async function ensureTopic({ brokers, ssl, sasl }: KafkaOptions, topic: string): Promise<boolean> {
  const kafka = new Kafka({
    clientId: 'fluentmeet-dev',
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl ? { sasl: sasl as never } : {}),
  });
  const admin = kafka.admin();
  try {
    const creating = (async () => {
      await admin.connect();
      return admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    })();
    return await withDeadline(creating, deadline, 'creating the topic');
  } catch (error) {
    throw new Error(kafkaErrorText(error), { cause: error });
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}
