import type { Publisher } from '../../outbox/publisher.js';
import { KafkaError, type KafkaFault } from '../../publishers/kafka/kafka-error.js';
import { fail, type Finding, ok, unreachable } from './finding.js';

/**
 * Asks the brokers for the topic. Whether this user may write to it shows only in publishing: Kafka tells of a missing
 * right to write by the first message.
 */
export async function checkKafka(publisher: Publisher, topic: string): Promise<Finding[]> {
  try {
    await publisher.check();
    return [ok('kafka', 'the brokers answer'), ok('topic', `${topic} is there`)];
  } catch (error) {
    const fault = error instanceof KafkaError ? error.code : 'unavailable';
    return kafkaFindings(fault, error instanceof Error ? error.message : 'unknown error', topic);
  }
}

function kafkaFindings(fault: KafkaFault, message: string, topic: string): Finding[] {
  switch (fault) {
    case 'topic-missing':
      return [
        ok('kafka', 'the brokers answer'),
        fail(
          'topic',
          `${topic} does not exist`,
          `Create it (kafka-topics.sh --create --topic ${topic} …), or fix FLUENTMEET_EMAIL_TOPIC. Emails wait meanwhile.`,
        ),
      ];
    case 'topic-not-authorised':
      return [
        ok('kafka', 'the brokers answer'),
        fail(
          'topic',
          `not authorised for ${topic}`,
          'Let the user of KAFKA_SASL_USERNAME write to it and describe it.',
        ),
      ];
    case 'authentication-failed':
      return [
        unreachable(
          'kafka',
          message,
          'Fix KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.',
        ),
      ];
    case 'cluster-not-authorised':
    case 'message-too-large':
    case 'message-refused':
    case 'unavailable':
      return [
        unreachable(
          'kafka',
          message,
          'See whether the brokers run, and fix KAFKA_BROKERS (and KAFKA_SSL). Emails wait meanwhile.',
        ),
      ];
  }
}
