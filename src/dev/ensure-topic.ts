import type { Logger } from '../logger.js';
import { createKafkaClient } from '../publishers/kafka/kafka-client.js';
import { toKafkaError } from '../publishers/kafka/kafka-error.js';
import { withDeadline } from '../deadline.js';
import type { KafkaOptions } from '../kafka-options.js';

const deadline = 6_000;

/** Creates the topic with the broker's own defaults where it is missing; resolves with whether it was. */
export async function ensureTopic(options: KafkaOptions, topic: string, logger: Logger): Promise<boolean> {
  const admin = createKafkaClient(options, logger).admin();
  try {
    const creating = (async () => {
      await admin.connect();
      return admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    })();
    return await withDeadline(creating, deadline, 'creating the topic');
  } catch (error) {
    throw toKafkaError(error, topic);
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}
