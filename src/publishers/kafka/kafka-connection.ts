import { type PartitionMetadata, Partitioners, type Producer } from 'kafkajs';
import { withDeadline } from '../../deadline.js';
import type { Logger } from '../../logger.js';
import type { KafkaOptions } from '../../kafka-options.js';
import { createKafkaClient, withAdmin } from './kafka-client.js';

const connectDeadline = 4_000;

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
