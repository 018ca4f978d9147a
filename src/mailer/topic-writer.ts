import type { Message, Producer } from 'kafkajs';
import { withDeadline } from '../deadline.js';
import type { Logger } from '../logger.js';
import type { KafkaOptions } from '../options/kafka-options.js';
import { toKafkaError } from '../publishers/kafka/kafka-error.js';
import { createKafkaConnection } from '../publishers/kafka/kafka-client.js';

const sendDeadline = 8_000;

/** Appends to the mailer's own topics. */
export type TopicWriter = ReturnType<typeof createTopicWriter>;

/** Opens nothing before the first call. After a failure the producer is thrown away: kafkajs can keep a dead one for good. */
export function createTopicWriter(options: KafkaOptions, logger: Logger) {
  const kafka = createKafkaConnection(options, logger);
  let opened: Promise<Producer> | undefined;

  function discard(): Promise<void> | undefined {
    const closing = opened?.then((producer) => producer.disconnect()).catch(() => undefined);
    opened = undefined;
    return closing;
  }

  return {
    /** Resolves once every broker that must has the messages. @throws KafkaError */
    async write(topic: string, messages: Message[]): Promise<void> {
      opened ??= kafka.connectProducer();
      const current = opened;
      try {
        const producer = await current;
        const sending = producer.send({ topic, acks: -1, messages });
        await withDeadline(sending, sendDeadline, 'writing to Kafka');
      } catch (error) {
        if (opened === current) void discard();
        throw toKafkaError(error, topic);
      }
    },
    async close(): Promise<void> {
      await discard();
    },
  };
}
