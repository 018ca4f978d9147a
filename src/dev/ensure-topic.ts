import type { Logger } from '../logger.js';
import { createKafkaClient, withAdmin } from '../publishers/kafka/kafka-client.js';
import { toKafkaError } from '../publishers/kafka/kafka-error.js';
import type { KafkaOptions } from '../options/kafka-options.js';

/** Creates the topic with the broker's own defaults where it is missing; resolves with whether it was. */
export async function ensureTopic(options: KafkaOptions, topic: string, logger: Logger): Promise<boolean> {
  const kafka = createKafkaClient(options, logger);
  const create = { topics: [{ topic }], waitForLeaders: true };
  return withAdmin(kafka, (admin) => admin.createTopics(create), {
    deadline: 6_000,
    what: 'creating the topic',
  }).catch((error: unknown) => {
    throw toKafkaError(error, topic);
  });
}
