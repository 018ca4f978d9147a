import { expect } from 'chai';
import type { KafkaMessage, Message } from 'kafkajs';
import sinon from 'sinon';
import { Lane } from '../../src/mailer/lane.js';
import { settleOutcome, type SettlerOptions } from '../../src/mailer/settle-outcome.js';
import { mailTopics } from '../../src/mailer/topics.js';
import { KafkaError } from '../../src/publishers/kafka/kafka-error.js';
import { captureLogger } from '../support/log-capture.js';

const now = Date.parse('2026-03-14T12:00:00.000Z');
const time = new Date(now).toISOString();

describe('settleOutcome', () => {
  beforeEach(() => {
    sinon.useFakeTimers({ now, toFake: ['Date'] });
    sinon.stub(Math, 'random').returns(1);
  });
  afterEach(() => sinon.restore());

  const headers = {
    'event-id': 'a',
    'created-at': new Date(now - 1_500).toISOString(),
    'not-before': 'then',
  };
  const { 'not-before': _, ...kept } = headers;

  /** @param answers what Kafka says to each write in turn; nothing where it takes it */
  function settler(...answers: (Error | undefined)[]) {
    const written: { topic: string; messages: Message[] }[] = [];
    const logger = captureLogger();
    const ending = new AbortController();
    const onSent = sinon.spy();
    const counts = { sent: 0, again: 0, repeated: 0, deferred: 0, dead: 0 };
    const lane = new Lane('emails', 0);
    const options: SettlerOptions = {
      writer: {
        async write(topic, messages) {
          const error = answers[written.push({ topic, messages }) - 1];
          if (error) throw error;
        },
        async close() {},
      },
      topics: mailTopics('emails'),
      retryBackoff: { first: 60_000, most: 3_600_000 },
      counts,
      logger,
      onSent,
      outage: { first: 1, most: 2 },
      givingUp: ending.signal,
    };
    const settle = (outcome: Parameters<typeof settleOutcome>[2], more: object = {}) => {
      const message = { key: Buffer.from('7'), value: Buffer.from('value'), offset: '0', headers, ...more };
      return settleOutcome(options, { lane, message: message as KafkaMessage }, outcome);
    };
    const events = () => logger.entries.map(({ level, data }) => `${level} ${data.event}`);
    return { settle, written, logger, events, counts, onSent, lane, ending };
  }
  const dead = { status: 'dead', reason: 'refused', detail: '550', attempt: 2 } as const;
  const deferred = { status: 'deferred', reason: 'deferred', attempt: 2 } as const;
  const away = new KafkaError('unavailable', 'away');
  const none = { sent: 0, again: 0, repeated: 0, deferred: 0, dead: 0 };

  it('counts what was sent, and how long after it was written', async () => {
    const { settle, counts, onSent, events, written, logger } = settler();
    expect(await settle({ status: 'sent', again: false })).to.equal(true);
    expect(counts).to.deep.equal({ ...none, sent: 1 });
    expect(onSent.args).to.deep.equal([[1.5]]);
    expect(events()).to.deep.equal(['info mailer.sent']);
    expect(logger.entries[0]?.data).to.include({ eventId: 'a', userId: '7' });
    expect(written).to.deep.equal([]);
  });

  it('knows no time of sending where the message says none, and none below nothing', async () => {
    const { settle, onSent } = settler();
    const sent = { status: 'sent', again: false } as const;
    await settle(sent, { headers: {} });
    await settle(sent, { headers: { 'created-at': new Date(now + 5_000).toISOString() } });
    expect(onSent.args).to.deep.equal([[undefined], [0]]);
  });

  it('warns of what was perhaps sent for the second time', async () => {
    const { settle, counts, events } = settler();
    await settle({ status: 'sent', again: true });
    expect(counts).to.deep.equal({ ...none, sent: 1, again: 1 });
    expect(events()).to.deep.equal(['warn mailer.sent-again']);
  });

  it('counts what was sent before, and does not tell of it as sent', async () => {
    const { settle, counts, events, onSent } = settler();
    expect(await settle({ status: 'repeated' })).to.equal(true);
    expect(counts).to.deep.equal({ ...none, repeated: 1 });
    expect(events()).to.deep.equal(['info mailer.repeated']);
    expect(onSent.callCount).to.equal(0);
  });

  it('writes what is dead to the dead topic as it came, with the reason', async () => {
    const { settle, written, counts, events } = settler();
    expect(await settle(dead)).to.equal(true);
    const why = { reason: 'refused', detail: '550', attempt: '2', 'failed-at': time };
    const message = { key: Buffer.from('7'), value: Buffer.from('value'), headers: { ...kept, ...why } };
    expect(written).to.deep.equal([{ topic: 'emails.dead', messages: [message] }]);
    expect(counts).to.deep.equal({ ...none, dead: 1 });
    expect(events()).to.deep.equal(['error mailer.dead']);
  });

  it('writes what is deferred to the retry topic, with the time of its next try', async () => {
    const { settle, written, counts, events } = settler();
    expect(await settle(deferred)).to.equal(true);
    const [{ topic, messages } = { topic: '', messages: [] }] = written;
    expect(topic).to.equal('emails.retry');
    const next = new Date(now + 120_000).toISOString();
    const why = { reason: 'deferred', attempt: '2', 'failed-at': time, 'not-before': next };
    expect(messages[0]?.headers).to.deep.equal({ ...kept, ...why });
    expect(counts).to.deep.equal({ ...none, deferred: 1 });
    expect(events()).to.deep.equal(['warn mailer.deferred']);
  });

  it('tries until Kafka takes it, and says once that it does not', async () => {
    const { settle, written, counts, events } = settler(away, away);
    expect(await settle(dead)).to.equal(true);
    expect(written).to.have.lengthOf(3);
    expect(counts).to.deep.equal({ ...none, dead: 1 });
    expect(events()).to.deep.equal(['error mailer.divert-failed', 'error mailer.dead']);
  });

  it('gives up where the mailer ends, and where the partition is somebody else’s: it is not done with', async () => {
    const ended = settler(away, away, away);
    ended.ending.abort();
    expect(await ended.settle(dead)).to.equal(false);
    expect(ended.written).to.have.lengthOf(1);
    expect(ended.counts).to.deep.equal(none);

    const closed = settler();
    closed.lane.closed = true;
    expect(await closed.settle(dead)).to.equal(false);
    expect(closed.written).to.deep.equal([]);
  });

  it('leaves out the value where the topic takes no such message, and says how long it was', async () => {
    for (const [value, length] of [
      [Buffer.from('value'), '5'],
      [null, '0'],
    ] as const) {
      const { settle, written, events } = settler(new KafkaError('message-too-large', 'too large'));
      expect(await settle(dead, { value })).to.equal(true);
      expect(written.map(({ topic }) => topic)).to.deep.equal(['emails.dead', 'emails.dead']);
      expect(written[1]?.messages[0]).to.have.property('value', null);
      expect(written[1]?.messages[0]?.headers).to.include({ 'event-id': 'a', 'value-left-out': length });
      expect(events()).to.deep.equal(['error mailer.dead']);
    }
  });

  it('logs no more of a message than its ids, and those not at any length', async () => {
    const { settle, logger } = settler();
    const long = { key: Buffer.from('8'.repeat(41)), headers: { 'event-id': 'b'.repeat(101) } };
    await settle({ status: 'sent', again: false }, long);
    expect(logger.entries[0]?.data).to.deep.equal({
      event: 'mailer.sent',
      eventId: 'b'.repeat(100),
      userId: '8'.repeat(40),
    });
  });
});
