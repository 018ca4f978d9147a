import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Kafka, logLevel, type Admin, type IHeaders } from 'kafkajs';

export interface ConsumedMessage {
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
  partition: number;
  offset: string;
  /** Milliseconds since the epoch, as Kafka has it. */
  timestamp: string;
}

export interface TopicOptions {
  /** Default: 1. */
  partitions?: number;
  /** Default: 1. */
  replicationFactor?: number;
  /** As in kafkajs, for example `[{ name: 'max.message.bytes', value: '2000' }]`. */
  configEntries?: { name: string; value: string }[];
}

/** Makes the topic and waits until its leaders answer. */
export async function createTopic(
  brokers: string[],
  name: string,
  options: TopicOptions = {},
): Promise<void> {
  const { partitions: numPartitions = 1, replicationFactor = 1, configEntries = [] } = options;
  const admin = client(brokers).admin();
  await admin.connect();
  try {
    const topics = [{ topic: name, numPartitions, replicationFactor, configEntries }];
    await admin.createTopics({ topics, waitForLeaders: false });
    await untilLeadersAnswer(admin, name);
  } finally {
    await admin.disconnect();
  }
}

/** The metadata names leaders before those know it themselves, so that kafkajs's own wait is too short: ask them. */
async function untilLeadersAnswer(admin: Admin, topic: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

export interface ConsumeOptions {
  /** Asked after every message. Default: everything that was in the topic at the call. */
  until?: (messages: ConsumedMessage[]) => boolean;
  /** Default: 20,000. */
  timeoutMs?: number;
}

/**
 * Reads the topic from its beginning, all partitions, with a group of its own.
 *
 * @throws Error when `until` did not come true in time, with the number of messages read
 */
export async function consumeAll(
  brokers: string[],
  topic: string,
  options: ConsumeOptions = {},
): Promise<ConsumedMessage[]> {
  const kafka = client(brokers);
  const until = options.until ?? (await allOf(kafka, topic));
  const messages: ConsumedMessage[] = [];
  if (until(messages)) return messages;

  const consumer = kafka.consumer({
    groupId: `test-${randomBytes(6).toString('hex')}`,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const timeoutMs = options.timeoutMs ?? 20_000;
      const tooLate = () =>
        new Error(`${messages.length} messages of ${topic} in ${timeoutMs} ms, and no end`);
      timer = setTimeout(() => reject(tooLate()), timeoutMs);
      // What can pass, such as a coordinator that still loads, it tries again by itself.
      consumer.on('consumer.crash', ({ payload }) => payload.restart || reject(payload.error));
      const eachMessage = async ({ partition, message }: EachMessage) => {
        messages.push(readable(partition, message));
        if (until(messages)) resolve();
      };
      running = consumer.run({ eachMessage });
      running.catch(reject);
    });
  } finally {
    clearTimeout(timer);
    // Disconnected while it still joins its group, it would go on for good.
    await running?.catch(() => undefined);
    await consumer.disconnect();
  }
  return messages;
}

interface EachMessage {
  partition: number;
  message: {
    key: Buffer | null;
    value: Buffer | null;
    headers?: IHeaders;
    offset: string;
    timestamp: string;
  };
}

function readable(partition: number, message: EachMessage['message']): ConsumedMessage {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    key: message.key?.toString() ?? null,
    value: message.value?.toString() ?? null,
    headers: Object.fromEntries(headers) as Record<string, string>,
    partition,
    offset: message.offset,
    timestamp: message.timestamp,
  };
}

async function allOf(kafka: Kafka, topic: string): Promise<(messages: ConsumedMessage[]) => boolean> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const count = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  return (messages) => messages.length >= count;
}

function client(brokers: string[]): Kafka {
  return new Kafka({ brokers, clientId: 'test', logLevel: logLevel.NOTHING });
}
