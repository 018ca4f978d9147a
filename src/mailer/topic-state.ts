import type { Admin } from 'kafkajs';
import type { KafkaOptions } from '../options/kafka-options.js';
import type { Logger } from '../logger.js';
import { createKafkaClient, withAdmin } from '../publishers/kafka/kafka-client.js';
import { mailerGroup, type MailTopics } from './topics.js';

const patience = 10_000;
const day = 86_400_000;

/** What Kafka knows of the mailers and their topics. */
export interface TopicState {
  /** Mailers at work. */
  members: number;
  /** What no mailer is done with. */
  behind: { main: number; retry: number };
  /** What lies on the dead topic. */
  dead: number;
  /** Of those, what came within a day. */
  died: number;
}

/** Asks Kafka, for mailers tell nobody else that they are there. @throws Error, kafkajs's own among them */
export function readTopicState(kafka: KafkaOptions, topics: MailTopics, logger: Logger): Promise<TopicState> {
  const asking = { deadline: patience, what: 'asking for mailers' };
  return withAdmin(createKafkaClient(kafka, logger), (admin) => read(admin, topics), asking);
}

async function read(admin: Admin, topics: MailTopics): Promise<TopicState> {
  const groupId = mailerGroup(topics);
  // First: it makes the admin know its brokers, which those after it need.
  const main = await behindOn(admin, groupId, topics.main);
  const [group] = (await admin.describeGroups([groupId])).groups;
  // Whether the other two are there is not asked here.
  const retry = await behindOn(admin, groupId, topics.retry).catch(() => 0);
  const dead = await admin.fetchTopicOffsets(topics.dead).catch(() => []);
  const dayAgo = await admin.fetchTopicOffsetsByTimestamp(topics.dead, Date.now() - day).catch(() => []);
  return {
    members: group?.members.length ?? 0,
    behind: { main, retry },
    dead: countFrom(dead, new Map()),
    died: countFrom(dead, offsetsOf(dayAgo)),
  };
}

async function behindOn(admin: Admin, groupId: string, topic: string): Promise<number> {
  const partitions = await admin.fetchTopicOffsets(topic);
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return countFrom(partitions, offsetsOf(committed?.partitions ?? []));
}

function offsetsOf(partitions: readonly { partition: number; offset: string }[]): Map<number, number> {
  return new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
}

/** Where nothing was ever committed it is -1 or missing, and what lies there is read from its begin. */
function countFrom(
  partitions: readonly { partition: number; low: string; high: string }[],
  read: ReadonlyMap<number, number>,
): number {
  const counts = partitions.map(({ partition, high, low }) =>
    Math.max(0, Number(high) - Math.max(read.get(partition) ?? -1, Number(low))),
  );
  return counts.reduce((sum, one) => sum + one, 0);
}
