import { expect } from 'chai';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { type KafkaFault, toKafkaError } from '../../../src/publishers/kafka/kafka-error.js';

/** As kafkajs wraps what a broker answered: `retriable: false` on everything final. */
function protocolError(type: string, wraps = 0): Error {
  let error: Error = new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1 }));
  for (let depth = 0; depth < wraps; depth++) {
    error = new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 0, retryTime: 0 });
  }
  return error;
}

const codeOf = (error: unknown) => toKafkaError(error, 'emails').code;

describe('toKafkaError', () => {
  for (const type of ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']) {
    for (const wraps of [0, 1, 2]) {
      it(`blames the message for ${type}, wrapped ${wraps} times`, () => {
        const error = toKafkaError(protocolError(type, wraps), 'emails');
        expect(error).to.include({ isMessageFault: true, outage: false });
      });
    }
  }

  const outages: [string, KafkaFault][] = [
    ['UNKNOWN_TOPIC_OR_PARTITION', 'topic-missing'],
    ['TOPIC_AUTHORIZATION_FAILED', 'topic-not-authorised'],
    ['CLUSTER_AUTHORIZATION_FAILED', 'cluster-not-authorised'],
    ['SASL_AUTHENTICATION_FAILED', 'authentication-failed'],
    ['UNSUPPORTED_SASL_MECHANISM', 'authentication-failed'],
    ['NOT_LEADER_FOR_PARTITION', 'unavailable'],
    ['LEADER_NOT_AVAILABLE', 'unavailable'],
    ['NOT_ENOUGH_REPLICAS', 'unavailable'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unavailable'],
    ['REQUEST_TIMED_OUT', 'unavailable'],
    ['THROTTLING_QUOTA_EXCEEDED', 'unavailable'],
    ['UNKNOWN', 'unavailable'],
  ];
  for (const [type, code] of outages) {
    it(`does not blame the message for ${type}: ${code}`, () => {
      for (const wraps of [0, 1]) {
        const error = toKafkaError(protocolError(type, wraps), 'emails');
        expect(error).to.include({ code, isMessageFault: false, outage: true });
      }
    });
  }

  it('knows the credentials that kafkajs refuses by itself, however deep', () => {
    const refused = Object.assign(new Error('SASL Plain: Invalid username or password'), {
      name: 'KafkaJSSASLAuthenticationError',
    });
    expect(codeOf(refused)).to.equal('authentication-failed');
    expect(codeOf(new Error('failed', { cause: refused }))).to.equal('authentication-failed');
  });

  it('does not blame the message for a connection, for anything unknown, or for nothing', () => {
    const refused = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED', {
      broker: 'b',
      code: 'ECONNREFUSED',
    });
    for (const error of [refused, new Error('plain'), 'text', undefined, null, { type: 7 }]) {
      expect(codeOf(error)).to.equal('unavailable');
    }
  });

  it('says what Kafka said, with the topic where it is about the topic, and keeps the cause', () => {
    const cause = protocolError('UNKNOWN_TOPIC_OR_PARTITION', 1);
    const missing = toKafkaError(cause, 'emails');
    expect(missing.message).to.equal(
      'Kafka: UNKNOWN_TOPIC_OR_PARTITION, the topic emails does not exist: create it',
    );
    expect(missing.cause).to.equal(cause);
    const messageOf = (error: unknown) => toKafkaError(error, 'emails').message;
    expect(messageOf(protocolError('NOT_LEADER_FOR_PARTITION'))).to.equal('Kafka: NOT_LEADER_FOR_PARTITION');
    expect(messageOf(new Error('connect ECONNREFUSED'))).to.equal('Kafka: connect ECONNREFUSED');
    expect(messageOf({ password: 'x' })).to.equal('Kafka: unknown error');
  });
});
