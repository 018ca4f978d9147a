import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { withDeadline } from '../deadline.js';
import type { Logger } from '../logger.js';
import type { KafkaOptions } from '../kafka-options.js';
import { createKafkaClient } from '../publishers/kafka/kafka-client.js';
import { KafkaError, toKafkaError } from '../publishers/kafka/kafka-error.js';
import { headerTexts } from './read-message.js';
import { createTopicWriter } from './topic-writer.js';
import type { MailTopics } from './topics.js';

const patience = 120_000;

export interface ReplayDeadOptions {
  kafka: KafkaOptions;
  topics: MailTopics;
  eventId: string;
  logger: Logger;
  /** Looks, and writes nothing. */
  dryRun?: boolean;
}

export interface DeadMessage {
  /** `replayed`: on the email topic again, or would be. `expired`: its link is dead. `incomplete`: too large to be kept. */
  status: 'replayed' | 'expired' | 'incomplete' | 'missing';
  /** Why it was dead. */
  reason: string | null;
  detail: string | null;
  failedAt: string | null;
}

/**
 * Brings the newest message with this event id from the dead topic back to the email topic, with all its attempts. It
 * stays on the dead topic as well, as everything does on a log.
 *
 * @throws KafkaError
 */
export async function replayDead(options: ReplayDeadOptions): Promise<DeadMessage> {
  const { kafka: kafkaOptions, topics, eventId, logger, dryRun = false } = options;
  const kafka = createKafkaClient(kafkaOptions, logger);
  const message = await findLast(kafka, topics.dead, eventId).catch((error: unknown) => {
    throw error instanceof KafkaError ? error : toKafkaError(error, topics.dead);
  });
  if (!message) return { status: 'missing', reason: null, detail: null, failedAt: null };
  const texts = headerTexts(message);
  const about = {
    reason: texts['reason'] ?? null,
    detail: texts['detail'] ?? null,
    failedAt: texts['failed-at'] ?? null,
  };
  if (Date.parse(texts['expires-at'] ?? '') <= Date.now()) return { status: 'expired', ...about };
  if (message.value === null) return { status: 'incomplete', ...about };
  if (!dryRun) await append(options, message);
  return { status: 'replayed', ...about };
}

async function append({ kafka, topics, logger }: ReplayDeadOptions, message: KafkaMessage): Promise<void> {
  const { reason: _r, detail: _d, attempt: _a, 'failed-at': _f, ...headers } = message.headers ?? {};
  const writer = createTopicWriter(kafka, logger);
  try {
    await writer.write(topics.main, [{ key: message.key, value: message.value, headers }]);
  } finally {
    await writer.close();
  }
}

/** Reads the whole topic, in a group of its own that it takes away again: kafkajs reads in no other way. */
async function findLast(kafka: Kafka, topic: string, eventId: string): Promise<KafkaMessage | undefined> {
  const admin = kafka.admin();
  const groupId = `fluentmeet-replay.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  let found: KafkaMessage | undefined;
  try {
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    const left = new Map(
      ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high)]),
    );
    if (left.size === 0) return undefined;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const reading = new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          async eachBatch({ batch }) {
            for (const message of batch.messages) {
              if (headerTexts(message)['event-id'] !== eventId) continue;
              if (!found || Number(message.timestamp) >= Number(found.timestamp)) found = message;
            }
            if (BigInt(batch.lastOffset()) + 1n >= (left.get(batch.partition) ?? 0n))
              left.delete(batch.partition);
            if (left.size === 0) resolve();
          },
        })
        .catch(reject);
    });
    await withDeadline(reading, patience, 'reading the dead topic');
    return found;
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
}
