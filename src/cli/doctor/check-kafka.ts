import type { Publisher } from '../../outbox/publisher.js';
import { KafkaError } from '../../publishers/kafka/kafka-error.js';
import { fail, type Finding, ok, unreachable } from './finding.js';

/**
 * Asks the brokers for the topic. Whether this user may write to it shows only in publishing: Kafka tells of a missing
 * right to write by the first message.
 */
export async function checkKafka(publisher: Publisher, topic: string): Promise<Finding[]> {
  try {
    await publisher.check();
    return [answers, ok('topic', `${topic} is there`)];
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown error';
    switch (error instanceof KafkaError ? error.code : 'unavailable') {
      case 'topic-missing':
        return [answers, fail('topic', `${topic} does not exist`, createTopic(topic))];
      case 'topic-not-authorised':
        return [answers, fail('topic', `not authorised for ${topic}`, allowTopic)];
      case 'authentication-failed':
        return [unreachable('kafka', message, fixUser)];
      case 'cluster-not-authorised':
      case 'message-too-large':
      case 'message-refused':
      case 'unavailable':
        return [unreachable('kafka', message, fixBrokers)];
    }
  }
}

const answers = ok('kafka', 'the brokers answer');

const createTopic = (topic: string): string =>
  `Create it (kafka-topics.sh --create --topic ${topic} …), or fix FLUENTMEET_EMAIL_TOPIC. Emails wait meanwhile.`;
const allowTopic = 'Let the user of KAFKA_SASL_USERNAME write to it and describe it.';
const fixUser = 'Fix KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.';
const fixBrokers =
  'See whether the brokers run, and fix KAFKA_BROKERS (and KAFKA_SSL). Emails wait meanwhile.';
