import type { KafkaMessage, Message } from 'kafkajs';
import { backoff } from '../backoff.js';
import { KafkaError } from '../publishers/kafka/kafka-error.js';
import type { Failure } from './deliver.js';
import type { TopicWriter } from './topic-writer.js';
import type { MailTopics } from './topics.js';

export interface Divert {
  writer: TopicWriter;
  topics: MailTopics;
  retryBackoff: { first: number; most: number };
}

/**
 * Writes what could not be sent to the retry topic, with the time of its next try, or to the dead one. As it came, with
 * the reason in its headers.
 *
 * @returns milliseconds until the next try; 0 for a dead one
 */
export async function divert(
  { writer, topics, retryBackoff }: Divert,
  message: KafkaMessage,
  { status, reason, detail, attempt }: Failure & { status: 'deferred' | 'dead' },
): Promise<number> {
  const wait = status === 'dead' ? 0 : backoff(attempt, retryBackoff);
  const { 'not-before': _, ...headers } = message.headers ?? {};
  const now = Date.now();
  await append(writer, status === 'dead' ? topics.dead : topics.retry, {
    key: message.key,
    value: message.value,
    headers: {
      ...headers,
      reason,
      attempt: String(attempt),
      'failed-at': new Date(now).toISOString(),
      ...(detail === undefined ? {} : { detail }),
      ...(status === 'dead' ? {} : { 'not-before': new Date(now + wait).toISOString() }),
    },
  });
  return wait;
}

/** Somebody's message may fit the topic it came on, and with our headers no other. */
async function append(writer: TopicWriter, topic: string, message: Message): Promise<void> {
  try {
    await writer.write(topic, [message]);
  } catch (error) {
    if (!(error instanceof KafkaError && error.isMessageFault)) throw error;
    const size = String(message.value?.length ?? 0);
    await writer.write(topic, [
      { ...message, value: null, headers: { ...message.headers, 'value-left-out': size } },
    ]);
  }
}
