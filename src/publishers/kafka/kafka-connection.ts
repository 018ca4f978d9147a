import { type ICustomPartitioner, type PartitionMetadata, Partitioners, type Producer } from 'kafkajs';
import { withDeadline } from '../../deadline.js';
import type { Logger } from '../../logger.js';
import type { KafkaOptions } from '../../kafka-options.js';
import { createKafkaClient } from './kafka-client.js';

const connectDeadline = 4_000;

/** What the publisher needs of kafkajs. */
export interface KafkaConnection {
  /** The topic's partitions, by an admin request: connect() also resolves against a broker that never answers. */
  readPartitions(topic: string): Promise<PartitionMetadata[]>;
  connectProducer(): Promise<Producer>;
  choosePartition: ReturnType<ICustomPartitioner>;
}

/** Opens nothing until it is asked for something. */
export function createKafkaConnection(options: KafkaOptions, logger: Logger): KafkaConnection {
  const kafka = createKafkaClient(options, logger);
  return {
    async readPartitions(topic) {
      const admin = kafka.admin({ retry: { retries: 0 } });
      try {
        const reading = (async () => {
          await admin.connect();
          return admin.fetchTopicMetadata({ topics: [topic] });
        })();
        const { topics } = await withDeadline(reading, connectDeadline, 'reading the topic from Kafka');
        return topics[0]?.partitions ?? [];
      } finally {
        admin.disconnect().catch(() => undefined);
      }
    },
    async connectProducer() {
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
