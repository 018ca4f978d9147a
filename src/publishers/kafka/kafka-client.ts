import {
  type Admin,
  Kafka,
  type KafkaConfig,
  logLevel,
  type PartitionMetadata,
  Partitioners,
  type Producer,
} from 'kafkajs';
import { withDeadline } from '../../deadline.js';
import type { Logger } from '../../logger.js';
import type { KafkaOptions } from '../../options/kafka-options.js';

const connectDeadline = 4_000;

/** kafkajs as this module uses it: short deadlines, no retrying of its own, nothing on the console. Opens nothing. */
export function createKafkaClient({ brokers, ssl, sasl }: KafkaOptions, logger: Logger): Kafka {
  return new Kafka({
    clientId: 'fluentmeet',
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    // Whoever asks does the retrying.
    retry: { retries: 0 },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl ? { sasl: sasl as NonNullable<KafkaConfig['sasl']> } : {}),
    logLevel: logLevel.WARN,
    // kafkajs calls every failed attempt an error; whether one matters is for us to say.
    logCreator: () => (entry) => {
      logger.debug({ event: 'kafka.client', namespace: entry.namespace }, entry.log.message);
    },
  });
}

/** Asks the cluster something on a connection of its own. connect() alone resolves against a broker that never answers. */
export async function withAdmin<T>(
  kafka: Kafka,
  work: (admin: Admin) => Promise<T>,
  { deadline, what }: { deadline: number; what: string },
): Promise<T> {
  const admin = kafka.admin();
  const asking = (async () => {
    await admin.connect();
    return work(admin);
  })();
  try {
    return await withDeadline(asking, deadline, what);
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}

/** What the publisher needs of kafkajs. */
export type KafkaConnection = ReturnType<typeof createKafkaConnection>;

/** Opens nothing until it is asked for something. */
export function createKafkaConnection(options: KafkaOptions, logger: Logger) {
  const kafka = createKafkaClient(options, logger);
  return {
    async readPartitions(topic: string): Promise<PartitionMetadata[]> {
      const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }), {
        deadline: connectDeadline,
        what: 'reading the topic from Kafka',
      });
      return topics[0]?.partitions ?? [];
    },
    async connectProducer(): Promise<Producer> {
      const producer = kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        idempotent: false,
        retry: { retries: 0 },
      });
      try {
        await withDeadline(producer.connect(), connectDeadline, 'connecting to Kafka');
        return producer;
      } catch (error) {
        producer.disconnect().catch(() => undefined);
        throw error;
      }
    },
    choosePartition: Partitioners.DefaultPartitioner(),
  };
}
