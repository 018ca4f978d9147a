import type { Publisher } from '../outbox/publisher.js';

export interface DevPublisherParts {
  mailbox: Publisher;
  kafka: Publisher;
  /** Rejects while Kafka is away. */
  prepareTopic: () => Promise<void>;
}

/** The mailbox first, so that a developer sees the email also while Kafka is away; then Kafka, whose result counts. */
export function createDevPublisher({ mailbox, kafka, prepareTopic }: DevPublisherParts): Publisher {
  let prepared = false;
  return {
    async publish(emails) {
      await mailbox.publish(emails);
      if (!prepared) await prepareTopic();
      prepared = true;
      return kafka.publish(emails);
    },
    check: () => kafka.check(),
    close: () => kafka.close(),
  };
}
