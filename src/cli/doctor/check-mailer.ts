import type { KafkaOptions } from '../../options/kafka-options.js';
import { describeError, type Logger } from '../../logger.js';
import { readTopicState } from '../../mailer/topic-state.js';
import { mailerGroup, type MailTopics } from '../../mailer/topics.js';
import { type Finding, ok, warn } from './finding.js';

/** Whether somebody makes mails of the topic's messages, and whether mails were given up within a day: older ones somebody has seen. */
export async function checkMailer(
  kafka: KafkaOptions,
  topics: MailTopics,
  logger: Logger,
): Promise<Finding[]> {
  try {
    const { members, behind, dead, died } = await readTopicState(kafka, topics, logger);
    const waiting = `${behind.main} on ${topics.main}, ${behind.retry} on ${topics.retry}`;
    const said =
      `messages that wait: ${waiting}; given up: ${dead} on ${topics.dead}` +
      (dead > 0 ? `, ${died} within a day, some of which may have been brought back since` : '');
    const isRead = members > 0 || behind.main + behind.retry === 0;
    const message = `${isRead ? `mailers at the topic: ${members}` : 'no mailer is at the topic'}; ${said}`;
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
  }
}

const startMailer =
  'Start "fluentmeet mailer"; one that runs says in its log why it cannot read (mailer.kafka-away). None is lost until the topic forgets it (retention.ms).';
const bringBack =
  'The log of the mailer says why (mailer.dead). Fix that, and bring back what it names: fluentmeet emails replay --event-id …';
