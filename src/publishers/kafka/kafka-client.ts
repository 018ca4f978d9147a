import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { withDeadline } from '../../deadline.js';
import type { Logger } from '../../logger.js';
import type { KafkaOptions } from '../../kafka-options.js';

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
