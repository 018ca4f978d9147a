import type { Admin } from 'kafkajs';
import { withDeadline } from '../../deadline.js';
import type { KafkaOptions } from '../../options/kafka-options.js';
import { describeError, type Logger } from '../../logger.js';
import { mailerGroup, type MailTopics } from '../../mailer/topics.js';
import { createKafkaClient } from '../../publishers/kafka/kafka-client.js';
import { type Finding, ok, warn } from './finding.js';

const patience = 10_000;
const day = 86_400_000;

/**
 * Whether somebody makes mails of the topic's messages, for mailers tell nobody else that they are there; and whether they
 * gave up mails within a day: older ones somebody has seen.
 */
export async function checkMailer(
  kafka: KafkaOptions,
  topics: MailTopics,
  logger: Logger,
): Promise<Finding[]> {
  const admin = createKafkaClient(kafka, logger).admin();
  try {
    const { members, behind, dead, died } = await withDeadline(
      readTopics(admin, topics),
      patience,
      'asking for mailers',
    );
    const waiting = [topics.main, topics.retry].map((topic) => `${behind[topic] ?? 0} on ${topic}`);
    const said =
      `messages that wait: ${waiting.join(', ')}; given up: ${dead} on ${topics.dead}` +
      (dead > 0 ? `, ${died} within a day, some of which may have been brought back since` : '');
    const isRead = members > 0 || Object.values(behind).every((count) => count === 0);
    const message = `${isRead ? `mailers at the topic: ${members}` : 'no mailer runs'}; ${said}`;
    const advice = [...(isRead ? [] : [startMailer]), ...(died > 0 ? [bringBack] : [])];
    return [advice.length > 0 ? warn('mailer', message, advice.join(' ')) : ok('mailer', message)];
  } catch (error) {
    return [
      warn(
        'mailer',
        `not looked at: ${describeError(error).message}`,
        `See that the topics are there, and let the user of KAFKA_SASL_USERNAME describe them and the group ${mailerGroup(topics)}.`,
      ),
    ];
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}

const startMailer = 'Start "fluentmeet mailer". None is lost until the topic forgets it (retention.ms).';
const bringBack =
  'The log of the mailer says why (mailer.dead). Fix that, and bring back what it names: fluentmeet emails replay --event-id …';

interface TopicsRead {
  members: number;
  /** What no mailer is done with, by the topic. */
  behind: Record<string, number>;
  /** What lies on the dead topic. */
  dead: number;
  /** Of those, what came within a day. */
  died: number;
}

async function readTopics(admin: Admin, topics: MailTopics): Promise<TopicsRead> {
  await admin.connect();
  const groupId = mailerGroup(topics);
  // First: it makes the admin know its brokers, which those after it need.
  const main = await behindOn(admin, groupId, topics.main);
  const [group] = (await admin.describeGroups([groupId])).groups;
  // Whether the other two are there was said before.
  const retry = await behindOn(admin, groupId, topics.retry).catch(() => 0);
  const dead = await admin.fetchTopicOffsets(topics.dead).catch(() => []);
  const dayAgo = await admin.fetchTopicOffsetsByTimestamp(topics.dead, Date.now() - day).catch(() => []);
  return {
    members: group?.members.length ?? 0,
    behind: { [topics.main]: main, [topics.retry]: retry },
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
