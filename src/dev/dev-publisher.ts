import type { OutgoingEmail, Publisher, PublishResult } from '../outbox/publisher.js';

/**
 * The mailbox first, so that a developer sees the email also while the others are away; then those, one after the other.
 * An email counts as published once all have it: what one refuses is not handed on.
 */
export function createDevPublisher(mailbox: Publisher, others: readonly Publisher[]): Publisher {
  return {
    ...smallestBatch(others),
    adopt: (setting) => others.forEach((other) => other.adopt?.(setting)),
    async publish(emails) {
      let results = await mailbox.publish(emails);
      for (const other of others) results = await publishOn(other, emails, results);
      return results;
    },
    async check() {
      for (const other of others) await other.check();
    },
    async close() {
      await Promise.all([mailbox, ...others].map((one) => one.close()));
    },
  };
}

async function publishOn(
  publisher: Publisher,
  emails: readonly OutgoingEmail[],
  soFar: readonly PublishResult[],
): Promise<readonly PublishResult[]> {
  const isReady = (index: number): boolean => soFar[index]?.status === 'published';
  const ready = emails.filter((_, index) => isReady(index));
  const answers = (ready.length === 0 ? [] : await publisher.publish(ready)).values();
  return soFar.map((result, index) => (isReady(index) ? (answers.next().value ?? result) : result));
}

function smallestBatch(publishers: readonly Publisher[]): Pick<Publisher, 'batchSize'> {
  const sizes = publishers.flatMap(({ batchSize = [] }) => batchSize);
  return sizes.length === 0 ? {} : { batchSize: Math.min(...sizes) };
}
