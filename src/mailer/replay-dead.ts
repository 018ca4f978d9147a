import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage, Message } from 'kafkajs';
import { withDeadline } from '../deadline.js';
import type { Logger } from '../logger.js';
import type { KafkaOptions } from '../options/kafka-options.js';
import { createKafkaClient } from '../publishers/kafka/kafka-client.js';
import { type KafkaError, toKafkaError } from '../publishers/kafka/kafka-error.js';
import { headerTexts, parseJson } from './read-message.js';
import { createTopicWriter } from './topic-writer.js';
import type { MailTopics } from './topics.js';

const patience = 120_000;
/** For taking leave of Kafka: what was read is here. */
const leavePatience = 5_000;

/** Milliseconds by which the clocks of a mailer and of who replays may differ. */
const skew = 600_000;

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
  /** Null where its data has none. */
  link: string | null;
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
  const wanted = new Set(eventIds);
  const newest = new Map<string, KafkaMessage>();
  await readTopic(client, topics.dead, undefined, (message) => {
    const eventId = headerTexts(message)['event-id'] ?? '';
    if (!wanted.has(eventId)) return;
    const earlier = Number(newest.get(eventId)?.timestamp ?? 0);
    if (Number(message.timestamp) >= earlier) newest.set(eventId, message);
  });
  return new Map([...newest].map(([eventId, message]) => [eventId, describe(eventId, message)]));
}

/**
 * Those that somebody brought back since they died, and when, by the event id: as long as the email topic keeps them.
 *
 * @throws KafkaError
 */
export async function findBack(
  { kafka, topics, logger }: DeadTopic,
  dead: readonly DeadMessage[],
): Promise<Map<string, string>> {
  const back = new Map<string, string>();
  if (dead.length === 0) return back;
  const known = new Map(dead.map((one) => [one.eventId, headerTexts(one.message)[replayedAt] ?? '']));
  const since = Math.min(...dead.map(({ message }) => Number(message.timestamp))) - skew;
  await readTopic(createKafkaClient(kafka, logger), topics.main, since, (message) => {
    const { 'event-id': eventId = '', [replayedAt]: at = '' } = headerTexts(message);
    // What died after it was brought back has the time of that with it.
    if (at > (known.get(eventId) ?? at)) back.set(eventId, at);
  });
  return back;
}

/** The header by which one that was brought back is told from the one that died. */
const replayedAt = 'replayed-at';

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
function addressee({ value }: KafkaMessage): Pick<DeadMessage, 'to' | 'template' | 'link'> {
  const { to, template, data } = (parseJson(value) ?? {}) as Record<'to' | 'template' | 'data', unknown>;
  const link = (data as { verification_link?: unknown } | null | undefined)?.verification_link;
  return {
    to: typeof to === 'string' ? to : null,
    template: typeof template === 'string' ? template : null,
    link: link === undefined ? null : typeof link === 'string' ? link : '',
  };
}

/**
 * Puts messages back on the email topic, with all their attempts. They stay on the dead topic as well, as everything does
 * on a log. Each alone: of several at once nobody knows which ones Kafka took, once it refuses some.
 *
 * @returns by the event id what Kafka said, null where it took the message. An outage ends it, and the signal: the others were not tried
 */
export async function bringBack(
  { kafka, topics, logger }: DeadTopic,
  dead: readonly DeadMessage[],
  signal?: AbortSignal,
): Promise<Map<string, KafkaError | null>> {
  const writer = createTopicWriter(kafka, logger);
  const results = new Map<string, KafkaError | null>();
  try {
    for (const { eventId, message } of dead) {
      if (signal?.aborted) break;
      const error = await writer.write(topics.main, [asItWas(message)]).then(
        () => null,
        (cause: unknown) => cause as KafkaError,
      );
      results.set(eventId, error);
      if (error && !error.isMessageFault) break;
    }
    return results;
  } finally {
    await writer.close();
  }
}

function asItWas({ key, value, headers: all }: KafkaMessage): Message {
  const { reason: _r, detail: _d, attempt: _a, 'failed-at': _f, ...headers } = all ?? {};
  return { key, value, headers: { ...headers, [replayedAt]: new Date().toISOString() } };
}

/**
 * Reads a topic to its end, in a group of its own that it takes away again: kafkajs reads in no other way.
 *
 * @param since in milliseconds; what is older may come along
 * @throws KafkaError
 */
async function readTopic(
  kafka: Kafka,
  topic: string,
  since: number | undefined,
  onMessage: (message: KafkaMessage) => void,
): Promise<void> {
  const admin = kafka.admin();
  const groupId = `fluentmeet-replay.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  /** Each connecting and asking may find a broker that says nothing. */
  async function read(): Promise<void> {
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    const begins = new Map(
      since === undefined
        ? ends.map(({ partition, low }) => [partition, low])
        : (await admin.fetchTopicOffsetsByTimestamp(topic, since)).map((one) => [one.partition, one.offset]),
    );
    const left = new Map(
      ends
        .filter(({ partition, low, high }) => BigInt(begins.get(partition) ?? low) < BigInt(high))
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
    if (left.size === 0) return;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          async eachBatch({ batch }) {
            batch.messages.forEach(onMessage);
            if (BigInt(batch.lastOffset()) + 1n >= (left.get(batch.partition) ?? 0n))
              left.delete(batch.partition);
            if (left.size === 0) resolve();
          },
        })
        .catch(reject);
      if (since === undefined) return;
      for (const [partition, offset] of begins) consumer.seek({ topic, partition, offset });
    });
  }
  async function leave(): Promise<void> {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
  try {
    await withDeadline(read(), patience, `reading ${topic}`);
  } catch (error) {
    throw toKafkaError(error, topic);
  } finally {
    await withDeadline(leave(), leavePatience, 'leaving').catch(() => undefined);
  }
}
