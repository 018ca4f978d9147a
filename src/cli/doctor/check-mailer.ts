import type { Admin } from 'kafkajs';
import { withDeadline } from '../../deadline.js';
import type { KafkaOptions } from '../../kafka-options.js';
import type { Logger } from '../../logger.js';
import { mailerGroup, type MailTopics } from '../../mailer/topics.js';
import { createKafkaClient } from '../../publishers/kafka/kafka-client.js';
import { type Finding, ok, warn } from './finding.js';

const patience = 10_000;

/** Whether somebody makes mails of the topic's messages: mailers tell nobody else that they are there. */
export async function checkMailer(
  kafka: KafkaOptions,
  topics: MailTopics,
  logger: Logger,
): Promise<Finding[]> {
  const admin = createKafkaClient(kafka, logger).admin();
  try {
    const { members, waiting } = await withDeadline(readGroup(admin, topics), patience, 'asking for mailers');
    if (members > 0 || waiting === 0) {
      return [ok('mailer', `mailers at the topic: ${members}; messages that wait: ${waiting}`)];
    }
    return [
      warn(
        'mailer',
        `no mailer runs; messages that wait on ${topics.main}: ${waiting}`,
        'Start "fluentmeet mailer". None is lost until the topic forgets it (retention.ms).',
      ),
    ];
  } catch {
    // Not every user may describe groups, and whether the brokers answer was said before.
    return [];
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}

async function readGroup(admin: Admin, topics: MailTopics): Promise<{ members: number; waiting: number }> {
  await admin.connect();
  // First: it makes the admin know its brokers, which the two after it need.
  const partitions = await admin.fetchTopicOffsets(topics.main);
  const groupId = mailerGroup(topics);
  const [group] = (await admin.describeGroups([groupId])).groups;
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topics.main] });
  const read = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  const behind = partitions.map(({ partition, high, low }) => {
    // Where nothing was ever committed it is -1, and what lies there is read from its begin.
    const from = Math.max(read.get(partition) ?? -1, Number(low));
    return Math.max(0, Number(high) - from);
  });
  return { members: group?.members.length ?? 0, waiting: behind.reduce((sum, one) => sum + one, 0) };
}
