import { setImmediate } from 'node:timers/promises';
import { type Message, type PartitionMetadata, Partitioners, type Producer } from 'kafkajs';
import type { KafkaOptions } from '../../options.js';
import type { Logger } from '../../logger.js';
import { createKafkaClient } from './kafka-client.js';
import { isMessageFault, kafkaErrorText } from './kafka-error.js';
import type { OutgoingEmail, PublishResult, Publisher } from '../../outbox/publisher.js';
import { withDeadline } from '../../deadline.js';

const connectDeadline = 4_000;
const sendDeadline = 8_000;
/** Partitions can be added to a topic; kafkajs would learn of it by itself, we route by a list of our own. */
const routeLifetime = 300_000;
/** Where one partition takes them all: at a kilobyte each, half of what Kafka takes in one request by default. */
const mostInRequest = 500;

export interface KafkaPublisherOptions {
  kafka: KafkaOptions;
  topic: string;
  logger: Logger;
}

/** A connection that worked so far, with the topic's partitions. */
interface Route {
  producer: Producer;
  partitions: PartitionMetadata[];
  readAt: number;
}

/**
 * Publishes to Apache Kafka by kafkajs, which stays behind this contract. Opens nothing until the first call.
 *
 * Not idempotent in Kafka's sense: kafkajs's own way of it loses a message after a send that timed out. Consumers drop
 * repeats by the `event-id` header instead. After any failure the producer is thrown away, since kafkajs can keep a
 * dead one for good.
 */
export function createKafkaPublisher({ kafka: options, topic, logger }: KafkaPublisherOptions): Publisher {
  const kafka = createKafkaClient(options, logger);
  const choosePartition = Partitioners.DefaultPartitioner();
  let route: Promise<Route> | undefined;

  async function open(): Promise<Route> {
    const partitions = await readPartitions();
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      idempotent: false,
      retry: { retries: 0 },
    });
    try {
      await withDeadline(producer.connect(), connectDeadline, 'connecting to Kafka');
    } catch (error) {
      discard(producer);
      throw error;
    }
    return { producer, partitions, readAt: performance.now() };
  }

  // By an admin request, because connect() also resolves against a broker that accepts and never answers.
  async function readPartitions(): Promise<PartitionMetadata[]> {
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
  }

  function close(): Promise<void> | undefined {
    const closing = route?.then(({ producer }) => producer.disconnect()).catch(() => undefined);
    route = undefined;
    return closing;
  }

  async function currentRoute(): Promise<Route> {
    if (route && performance.now() - (await route).readAt > routeLifetime) void close();
    route ??= open();
    return route;
  }

  async function send(producer: Producer, partition: number, messages: Message[]): Promise<void> {
    const sending = producer.send({
      topic,
      acks: -1,
      messages: messages.map((message) => ({ ...message, partition })),
    });
    await withDeadline(sending, sendDeadline, 'publishing to Kafka');
  }

  /** Requests per partition: a refused batch of one then says nothing about the emails of another. */
  async function sendGroup(
    producer: Producer,
    partition: number,
    messages: Message[],
    most = mostInRequest,
  ): Promise<PublishResult[]> {
    const results: PublishResult[] = [];
    for (let from = 0; from < messages.length; from += most) {
      const part = messages.slice(from, from + most);
      // After an outage in the middle the others are not tried.
      const broken = results.find(({ status }) => status === 'unavailable');
      results.push(...(broken ? part.map(() => broken) : await sendPart(producer, partition, part)));
    }
    return results;
  }

  async function sendPart(
    producer: Producer,
    partition: number,
    messages: Message[],
  ): Promise<PublishResult[]> {
    try {
      await send(producer, partition, messages);
      return messages.map(() => ({ status: 'published' }));
    } catch (error) {
      if (!isMessageFault(error)) return messages.map(() => unavailable(error));
      if (messages.length === 1) return [{ status: 'rejected', error: new Error(kafkaErrorText(error)) }];
      // Kafka refuses a batch whole: one by one its good messages pass.
      return sendGroup(producer, partition, messages, 1);
    }
  }

  return {
    async publish(emails) {
      let current: Route;
      try {
        current = await currentRoute();
      } catch (error) {
        void close();
        return emails.map(() => unavailable(error));
      }
      const { producer, partitions } = current;
      const groups = new Map<number, number[]>();
      const messages = emails.map(toMessage);
      messages.forEach((message, index) => {
        const partition = choosePartition({ topic, partitionMetadata: partitions, message });
        const group = groups.get(partition);
        if (group) group.push(index);
        else groups.set(partition, [index]);
      });
      const results: PublishResult[] = [];
      const sendTo = async (partition: number, indices: readonly number[]): Promise<void> => {
        const group = await sendGroup(
          producer,
          partition,
          indices.map((index) => messages[index] as Message),
        );
        indices.forEach((index, position) => {
          results[index] = group[position] as PublishResult;
        });
      };
      const sends: Promise<void>[] = [];
      for (const [partition, indices] of groups) {
        sends.push(sendTo(partition, indices));
        // kafkajs encodes a request in one go, some milliseconds of a backlog: signups get their turn in between.
        await setImmediate();
      }
      await Promise.all(sends);
      if (results.some(({ status }) => status !== 'published')) void close();
      return results;
    },
    async check() {
      await readPartitions().catch((error: unknown) => {
        throw new Error(kafkaErrorText(error));
      });
    },
    async close() {
      await close();
    },
  };
}

function discard(producer: Producer): void {
  producer.disconnect().catch(() => undefined);
}

function toMessage({ key, value, headers }: OutgoingEmail): Message {
  return { key, value: JSON.stringify(value), headers: { ...headers } };
}

function unavailable(error: unknown): PublishResult {
  return { status: 'unavailable', error: new Error(kafkaErrorText(error)) };
}
