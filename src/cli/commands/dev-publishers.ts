import { createDevPublisher } from '../../dev/dev-publisher.js';
import { ensureTopic } from '../../dev/ensure-topic.js';
import type { Logger } from '../../logger.js';
import type { KafkaOptions } from '../../kafka-options.js';
import type { Publisher } from '../../outbox/publisher.js';
import { createKafkaPublisher } from '../../publishers/kafka/kafka-publisher.js';
import { smtpPublisher } from '../../publishers/smtp/smtp-publisher.js';
import type { Settings } from '../options-from-env.js';
import { requirePackageOf } from '../require-package.js';

/** Where `dev` publishes: its mailbox, and what else is set. */
export interface DevPublishers {
  publisher: Publisher;
  /** In words, for people: never with a password. */
  alsoTo: string[];
}

export function openDevPublishers(
  { options, mail }: Settings,
  mailbox: Publisher,
  logger: Logger,
): DevPublishers {
  const { kafka, emailTopic: topic = 'notifications.email' } = options;
  const others: Publisher[] = [];
  const alsoTo: string[] = [];
  if (kafka) {
    others.push(withTopic(createKafkaPublisher({ kafka, topic, logger }), { kafka, topic, logger }));
    alsoTo.push(`Kafka (${kafka.brokers.join(', ')})`);
  }
  if (mail) {
    requirePackageOf('SMTP_URL');
    others.push(smtpPublisher(mail));
    alsoTo.push(`their readers (${new URL(mail.url).host})`);
  }
  return { publisher: createDevPublisher(mailbox, others), alsoTo };
}

/** A developer's Kafka need not have the topic. */
function withTopic(
  publisher: Publisher,
  { kafka, topic, logger }: { kafka: KafkaOptions; topic: string; logger: Logger },
): Publisher {
  let isThere = false;
  return {
    ...publisher,
    async publish(emails) {
      if (!isThere && (await ensureTopic(kafka, topic, logger))) {
        logger.info({ event: 'kafka.topic-created', topic }, 'The topic was missing, and is created');
      }
      isThere = true;
      return publisher.publish(emails);
    },
  };
}
