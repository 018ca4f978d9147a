import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage, Message } from 'kafkajs';
import { withDeadline } from '../deadline.js';
import type { Logger } from '../logger.js';
import type { KafkaOptions } from '../kafka-options.js';
import { createKafkaClient } from '../publishers/kafka/kafka-client.js';
import { KafkaError, toKafkaError } from '../publishers/kafka/kafka-error.js';
import { headerTexts, parseJson } from './read-message.js';
import { createTopicWriter } from './topic-writer.js';
import type { MailTopics } from './topics.js';

const patience = 120_000;

/** Messages of one produce request: some hundred bytes each, and a broker takes a megabyte. */
const atOnce = 200;

export interface DeadTopic {
  kafka: KafkaOptions;
  topics: MailTopics;
  logger: Logger;
}

/** What lies on the dead topic, and who it was for as far as it says so. */
export interface DeadMessage {
  eventId: string;
  /** The user's id, as the key has it. */
  userId: string;
  to: string | null;
  template: string | null;
  /** Why it was dead. */
  reason: string | null;
  detail: string | null;
  failedAt: string | null;
  /** Its link is dead. */
  isExpired: boolean;
  /** Its value was too large to be kept. */
  isIncomplete: boolean;
  message: KafkaMessage;
}

/** The newest message of each of these event ids, by the event id. @throws KafkaError */
export async function findDead(
  { kafka, topics, logger }: DeadTopic,
  eventIds: readonly string[],
): Promise<Map<string, DeadMessage>> {
  const client = createKafkaClient(kafka, logger);
  const newest = await findNewest(client, topics.dead, new Set(eventIds)).catch((error: unknown) => {
    throw error instanceof KafkaError ? error : toKafkaError(error, topics.dead);
  });
  return new Map([...newest].map(([eventId, message]) => [eventId, describe(eventId, message)]));
}

function describe(eventId: string, message: KafkaMessage): DeadMessage {
  const texts = headerTexts(message);
  return {
    eventId,
    userId: message.key?.toString() ?? '',
    ...addressee(message),
    reason: texts['reason'] ?? null,
    detail: texts['detail'] ?? null,
    failedAt: texts['failed-at'] ?? null,
    isExpired: Date.parse(texts['expires-at'] ?? '') <= Date.now(),
    isIncomplete: message.value === null,
    message,
  };
}

/** Also of a message that this version cannot read as an email: a newer mailer may. */
function addressee({ value }: KafkaMessage): Pick<DeadMessage, 'to' | 'template'> {
  const { to, template } = (parseJson(value) ?? {}) as { to?: unknown; template?: unknown };
  return {
    to: typeof to === 'string' ? to : null,
    template: typeof template === 'string' ? template : null,
  };
}

/**
 * Puts messages back on the email topic, with all their attempts. They stay on the dead topic as well, as everything does
 * on a log.
 *
 * @param onWritten told of each part that stands there, so that a failure later on hides none
 * @throws KafkaError
 */
export async function bringBack(
  { kafka, topics, logger }: DeadTopic,
  dead: readonly DeadMessage[],
  onWritten: (part: readonly DeadMessage[]) => void,
): Promise<void> {
  const writer = createTopicWriter(kafka, logger);
  try {
    for (let done = 0; done < dead.length; done += atOnce) {
      const part = dead.slice(done, done + atOnce);
      await writer.write(
        topics.main,
        part.map(({ message }) => asItWas(message)),
      );
      onWritten(part);
    }
  } finally {
    await writer.close();
  }
}

function asItWas({ key, value, headers: all }: KafkaMessage): Message {
  const { reason: _r, detail: _d, attempt: _a, 'failed-at': _f, ...headers } = all ?? {};
  return { key, value, headers };
}

/** Reads the whole topic, in a group of its own that it takes away again: kafkajs reads in no other way. */
async function findNewest(
  kafka: Kafka,
  topic: string,
  eventIds: ReadonlySet<string>,
): Promise<Map<string, KafkaMessage>> {
  const admin = kafka.admin();
  const groupId = `fluentmeet-replay.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  const found = new Map<string, KafkaMessage>();
  try {
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    const left = new Map(
      ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high)]),
    );
    if (left.size === 0) return found;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const reading = new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          async eachBatch({ batch }) {
            for (const message of batch.messages) {
              const eventId = headerTexts(message)['event-id'] ?? '';
              if (!eventIds.has(eventId)) continue;
              const earlier = Number(found.get(eventId)?.timestamp ?? 0);
              if (Number(message.timestamp) >= earlier) found.set(eventId, message);
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
