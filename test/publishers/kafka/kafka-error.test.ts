import { expect } from 'chai';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { isMessageFault, kafkaErrorText } from '../../../src/publishers/kafka/kafka-error.js';

/** As kafkajs wraps what a broker answered: `retriable: false` on everything final. */
function protocolError(type: string, wraps = 0): Error {
  let error: Error = new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1 }));
  for (let depth = 0; depth < wraps; depth++) {
    error = new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 0, retryTime: 0 });
  }
  return error;
}

describe('isMessageFault', () => {
  for (const type of ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']) {
    for (const wraps of [0, 1, 2]) {
      it(`blames the message for ${type}, wrapped ${wraps} times`, () => {
        expect(isMessageFault(protocolError(type, wraps))).to.equal(true);
      });
    }
  }

  for (const type of [
    'UNKNOWN_TOPIC_OR_PARTITION',
    'TOPIC_AUTHORIZATION_FAILED',
    'CLUSTER_AUTHORIZATION_FAILED',
    'SASL_AUTHENTICATION_FAILED',
    'NOT_LEADER_FOR_PARTITION',
    'LEADER_NOT_AVAILABLE',
    'NOT_ENOUGH_REPLICAS',
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'REQUEST_TIMED_OUT',
    'THROTTLING_QUOTA_EXCEEDED',
    'UNKNOWN',
  ]) {
    it(`does not blame the message for ${type}`, () => {
      expect(isMessageFault(protocolError(type))).to.equal(false);
      expect(isMessageFault(protocolError(type, 1))).to.equal(false);
    });
  }

  it('does not blame the message for a connection, for anything unknown, or for nothing', () => {
    const refused = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED', {
      broker: 'b',
      code: 'ECONNREFUSED',
    });
    for (const error of [refused, new Error('plain'), 'text', undefined, null, { type: 7 }]) {
      expect(isMessageFault(error)).to.equal(false);
    }
  });
});

describe('kafkaErrorText', () => {
  it('says what to do where that is known', () => {
    expect(kafkaErrorText(protocolError('UNKNOWN_TOPIC_OR_PARTITION', 1))).to.equal(
      'Kafka: UNKNOWN_TOPIC_OR_PARTITION, the topic does not exist: create it',
    );
    expect(kafkaErrorText(protocolError('MESSAGE_TOO_LARGE'))).to.match(
      /^Kafka: MESSAGE_TOO_LARGE, .*larger/,
    );
    expect(kafkaErrorText(protocolError('NOT_LEADER_FOR_PARTITION'))).to.equal(
      'Kafka: NOT_LEADER_FOR_PARTITION',
    );
  });

  it('falls back on the message, and on a word of its own', () => {
    expect(kafkaErrorText(new Error('connect ECONNREFUSED'))).to.equal('Kafka: connect ECONNREFUSED');
    expect(kafkaErrorText({ password: 'x' })).to.equal('Kafka: unknown error');
  });
});
