import type { Config } from '../options.js';
import { adaptPublisher } from '../outbox/adapt-publisher.js';
import type { Publisher } from '../outbox/publisher.js';
import { createKafkaPublisher } from './kafka/kafka-publisher.js';

/** The publisher that the options ask for; undefined for `'none'`. */
export function createPublisher({
  kafka,
  publisher,
  emailTopic,
  brand,
  words,
  renderEmail,
  logger,
}: Config): Publisher | undefined {
  if (kafka) return createKafkaPublisher({ kafka, topic: emailTopic, logger });
  if (typeof publisher === 'string' || !publisher) return undefined;
  if (typeof publisher === 'object') publisher.adopt?.({ brand, words, renderEmail });
  return adaptPublisher(publisher);
}
