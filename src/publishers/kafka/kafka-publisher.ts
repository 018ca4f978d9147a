import { setImmediate } from 'node:timers/promises';
import type { Message, PartitionMetadata, Producer } from 'kafkajs';
import { z } from 'zod';
import { withDeadline } from '../../deadline.js';
import { harmlessLogger, type Logger } from '../../logger.js';
import { checkOptions } from '../../options/check-options.js';
import { type KafkaOptions, kafkaOptions } from '../../options/kafka-options.js';
import { logger, topicName } from '../../options/option-values.js';
import type { OutgoingEmail, Publisher, PublishResult } from '../../outbox/publisher.js';
import type { KafkaConnection } from './kafka-client.js';
import { toKafkaError } from './kafka-error.js';

const sendDeadline = 8_000;
/** No request is begun later than this after the call: the last answer is then within the relay's patience. */
const lastRequestAfter = 16_000;
/** Partitions can be added to a topic; kafkajs would learn of it by itself, we route by a list of our own. */
const routeLifetime = 300_000;
/** Where one partition takes them all: at a kilobyte each, half of what Kafka takes in one request by default. */
const mostInRequest = 500;

export interface KafkaPublisherOptions {
  kafka: KafkaOptions;
  topic: string;
  /** Default: warnings and errors on stderr. */
  logger?: Logger | undefined;
}

const optionsSchema = z.strictObject({ kafka: kafkaOptions, topic: topicName, logger });

/** A connection that worked so far, with the topic's partitions. */
interface Route {
  producer: Producer;
  partitions: PartitionMetadata[];
  choosePartition: KafkaConnection['choosePartition'];
  readAt: number;
}

/**
 * Publishes to Apache Kafka by kafkajs, which stays behind this contract. Opens nothing until the first call.
 *
 * Not idempotent in Kafka's sense: kafkajs's own way of it loses a message after a send that timed out. Consumers drop
 * repeats by the `event-id` header instead. After any failure the producer is thrown away, since kafkajs can keep a
 * dead one for good.
 *
 * @throws InvalidOptionsError
 */
export function createKafkaPublisher(options: KafkaPublisherOptions): Publisher {
  const { kafka: cluster, topic, logger } = checkOptions(optionsSchema, options, ['createKafkaPublisher']);
  let connection: Promise<KafkaConnection> | undefined;
  let route: Promise<Route> | undefined;

  /** kafkajs is loaded by whoever publishes, not by whoever imports this package. */
  function connect(): Promise<KafkaConnection> {
    connection ??= import('./kafka-client.js').then(({ createKafkaConnection }) =>
      createKafkaConnection(cluster, harmlessLogger(logger)),
    );
    return connection;
  }

  async function open(): Promise<Route> {
    const kafka = await connect();
    const partitions = await kafka.readPartitions(topic);
    const producer = await kafka.connectProducer();
    return { producer, partitions, choosePartition: kafka.choosePartition, readAt: performance.now() };
  }

  async function currentRoute(): Promise<Route> {
    if (route && performance.now() - (await route).readAt > routeLifetime) void close();
    route ??= open();
    return route;
  }

  function close(): Promise<void> | undefined {
    const closing = route?.then(({ producer }) => producer.disconnect()).catch(() => undefined);
    route = undefined;
    return closing;
  }

  /** Requests per partition: a refused batch of one then says nothing about the emails of another. */
  async function sendToPartition(
    producer: Producer,
    messages: readonly PartitionedMessage[],
    giveUpAt: number,
    most = mostInRequest,
  ): Promise<PublishResult[]> {
    const results: PublishResult[] = [];
    for (let from = 0; from < messages.length; from += most) {
      const part = messages.slice(from, from + most);
      // After an outage in the middle the others are not tried.
      const broken = results.find(({ status }) => status === 'unavailable') ?? tooSlow(giveUpAt);
      results.push(...(broken ? part.map(() => broken) : await sendPart(producer, part, giveUpAt)));
    }
    return results;
  }

  function tooSlow(giveUpAt: number): PublishResult | undefined {
    if (performance.now() < giveUpAt) return undefined;
    return { status: 'unavailable', error: toKafkaError(new Error('its answers take too long'), topic) };
  }

  async function sendPart(
    producer: Producer,
    messages: readonly PartitionedMessage[],
    giveUpAt: number,
  ): Promise<PublishResult[]> {
    try {
      const sending = producer.send({ topic, acks: -1, messages: [...messages] });
      await withDeadline(sending, sendDeadline, 'publishing to Kafka');
      return messages.map(() => ({ status: 'published' }));
    } catch (cause) {
      const error = toKafkaError(cause, topic);
      if (!error.isMessageFault) return messages.map(() => ({ status: 'unavailable', error }));
      if (messages.length === 1) return [{ status: 'rejected', error }];
      // Kafka refuses a batch whole: one by one its good messages pass.
      return sendToPartition(producer, messages, giveUpAt, 1);
    }
  }

  return {
    async publish(emails) {
      const giveUpAt = performance.now() + lastRequestAfter;
      let current: Route;
      try {
        current = await currentRoute();
      } catch (cause) {
        void close();
        const error = toKafkaError(cause, topic);
        return emails.map(() => ({ status: 'unavailable', error }));
      }
      const { producer } = current;
      const results: PublishResult[] = [];
      const sendGroup = async (group: readonly Placed[]): Promise<void> => {
        const messages = group.map(({ message }) => message);
        const answers = await sendToPartition(producer, messages, giveUpAt);
        group.forEach(({ index }, position) => (results[index] = answers[position] as PublishResult));
      };
      const sends: Promise<void>[] = [];
      for (const group of groupByPartition(emails, topic, current).values()) {
        sends.push(sendGroup(group));
        // kafkajs encodes a request in one go, some milliseconds of a backlog: signups get their turn in between.
        await setImmediate();
      }
      await Promise.all(sends);
      if (results.some(({ status }) => status !== 'published')) void close();
      return results;
    },
    async check() {
      try {
        await (await connect()).readPartitions(topic);
      } catch (error) {
        throw toKafkaError(error, topic);
      }
    },
    async close() {
      await close();
    },
  };
}

type PartitionedMessage = Message & { partition: number };

/** A message, with its email's place among the emails. */
interface Placed {
  index: number;
  message: PartitionedMessage;
}

function groupByPartition(
  emails: readonly OutgoingEmail[],
  topic: string,
  { partitions, choosePartition }: Route,
): Map<number, Placed[]> {
  const groups = new Map<number, Placed[]>();
  emails.forEach((email, index) => {
    const message = toMessage(email);
    const partition = choosePartition({ topic, partitionMetadata: partitions, message });
    const group = groups.get(partition) ?? [];
    group.push({ index, message: { ...message, partition } });
    groups.set(partition, group);
  });
  return groups;
}

function toMessage({ key, value, headers }: OutgoingEmail): Message {
  return { key, value: JSON.stringify(value), headers: { ...headers } };
}
