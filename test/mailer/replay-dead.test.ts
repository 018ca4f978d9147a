import { expect } from 'chai';
import { Kafka, type KafkaMessage, type Message } from 'kafkajs';
import sinon from 'sinon';
import { bringBack, type DeadMessage, findBack, findDead } from '../../src/mailer/replay-dead.js';
import { mailTopics } from '../../src/mailer/topics.js';

const topics = mailTopics('emails');
const kafka = { brokers: ['127.0.0.1:1'] };
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const dead = { kafka, topics, logger };
const now = Date.parse('2026-03-14T12:00:00.000Z');

const link = 'https://app.example.com/verify?token=abc';
const value = { to: 'ada@example.com', template: 'verification', data: { verification_link: link } };

function message(id: string, more: Partial<KafkaMessage> = {}, given: unknown = value): KafkaMessage {
  return {
    key: Buffer.from('7'),
    value: Buffer.from(JSON.stringify(given)),
    timestamp: String(now),
    attributes: 0,
    offset: '0',
    ...more,
    headers: { 'event-id': id, ...more.headers },
  } as KafkaMessage;
}

/** A cluster that says what it was asked: each topic's partitions hold these messages. */
function cluster(partitions: KafkaMessage[][], { low = 0, since = 0 } = {}) {
  const calls: string[] = [];
  const call =
    <T>(name: string, answer?: T) =>
    async (...args: unknown[]) => {
      calls.push(args.length > 0 ? `${name} ${JSON.stringify(args)}` : name);
      return answer;
    };
  let crash: ((event: { payload: { error: Error } }) => void) | undefined;
  const admin = {
    connect: call('admin.connect'),
    fetchTopicOffsets: call(
      'offsets',
      partitions.map(({ length }, partition) => ({
        partition,
        low: String(low),
        high: String(low + length),
      })),
    ),
    fetchTopicOffsetsByTimestamp: call(
      'since',
      partitions.map((_, partition) => ({ partition, offset: String(since) })),
    ),
    deleteGroups: sinon.spy(call('deleteGroups')),
    disconnect: sinon.spy(call('admin.disconnect')),
  };
  const consumer = {
    connect: sinon.spy(call('consumer.connect')),
    subscribe: call('subscribe'),
    seek: sinon.spy(),
    on: (_: string, listener: typeof crash) => (crash = listener),
    run: async ({ eachBatch }: { eachBatch: (given: object) => Promise<void> }) => {
      for (const [partition, all] of partitions.entries()) {
        for (const [index, one] of all.entries()) {
          const batch = { partition, messages: [one], lastOffset: () => String(low + index) };
          await eachBatch({ batch });
        }
      }
    },
    disconnect: sinon.spy(call('consumer.disconnect')),
  };
  const makeConsumer = sinon.stub(Kafka.prototype, 'consumer').returns(consumer as never);
  sinon.stub(Kafka.prototype, 'admin').returns(admin as never);
  const fail = (error: Error) => crash?.({ payload: { error } });
  return { admin, consumer, calls, fail, group: () => makeConsumer.firstCall.args[0].groupId };
}

describe('replaying what is dead', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => sinon.restore());

  describe('findDead', () => {
    it('finds the newest message of each that is wanted, the later one of two at once', async () => {
      const at = (timestamp: number, id: string, reason: string) =>
        message(id, { timestamp: String(timestamp), headers: { reason } });
      cluster([
        [at(5, 'a', 'first'), at(9, 'b', 'newest'), at(7, 'c', 'unwanted')],
        [at(5, 'a', 'last'), at(8, 'b', 'older'), message('', { headers: {} })],
      ]);
      const found = await findDead(dead, ['a', 'b', 'd']);
      expect([...found].map(([id, { eventId, reason }]) => [id, eventId, reason])).to.deep.equal([
        ['a', 'a', 'last'],
        ['b', 'b', 'newest'],
      ]);
    });

    for (const silentAt of ['admin.connect', 'consumer.connect'] as const) {
      it(`waits no longer than two minutes for a Kafka that says nothing at ${silentAt}`, async () => {
        const { admin, consumer } = cluster([[message('a')]]);
        const never = (): Promise<never> => new Promise(() => undefined);
        if (silentAt === 'admin.connect') admin.connect = never;
        else consumer.connect = sinon.spy(never);
        consumer.disconnect = sinon.spy(never);
        const finding = findDead(dead, ['a']).catch((error: Error) => error.message);
        await clock.tickAsync(125_000);
        expect(await finding).to.contain('took longer than 120 s');
      });
    }

    it('has what it read, also where Kafka falls silent as it leaves', async () => {
      const { consumer } = cluster([[message('a')]]);
      consumer.disconnect = sinon.spy((): Promise<never> => new Promise(() => undefined));
      const finding = findDead(dead, ['a']);
      await clock.tickAsync(5_000);
      expect([...(await finding).keys()]).to.deep.equal(['a']);
    });

    it('says what it was, who it was for, and why it is dead', async () => {
      const given = message('a', {
        headers: { reason: 'refused', detail: '550', 'failed-at': '2026-03-14T11:00:00.000Z' },
      });
      cluster([[given]]);
      expect((await findDead(dead, ['a'])).get('a')).to.deep.equal({
        eventId: 'a',
        userId: '7',
        to: 'ada@example.com',
        template: 'verification',
        link,
        reason: 'refused',
        detail: '550',
        failedAt: '2026-03-14T11:00:00.000Z',
        isExpired: false,
        isIncomplete: false,
        message: given,
      });
    });

    async function described(more: Partial<KafkaMessage>, given?: unknown): Promise<DeadMessage> {
      cluster([[message('a', more, given)]]);
      const found = (await findDead(dead, ['a'])).get('a');
      sinon.restore();
      sinon.useFakeTimers({ now, toFake: ['Date'] });
      return found as DeadMessage;
    }

    it('says of a message that is none of ours what can be said', async () => {
      const nothing = { to: null, template: null, link: null, reason: null, detail: null, failedAt: null };
      for (const bytes of [null, Buffer.from('{')])
        expect(await described({ value: bytes, key: null })).to.include({
          ...nothing,
          userId: '',
          isIncomplete: bytes === null,
        });
      expect(await described({}, { to: 7, template: [], data: null })).to.include(nothing);
      expect(await described({}, { ...value, data: { verification_link: 7 } })).to.include({ link: '' });
      expect(await described({}, { ...value, data: { verification_link: null } })).to.include({ link: '' });
      expect(await described({}, { ...value, data: {} })).to.include({ link: null });
    });

    it('knows that a link is dead, from its last moment on', async () => {
      const until = (at: number) => described({ headers: { 'expires-at': new Date(at).toISOString() } });
      expect((await until(now + 1)).isExpired).to.equal(false);
      expect((await until(now)).isExpired).to.equal(true);
      expect((await described({ headers: { 'expires-at': 'never' } })).isExpired).to.equal(false);
    });

    it('reads from the beginning of the dead topic in a group of its own, and takes it away again', async () => {
      const { calls, consumer, admin, group } = cluster([[message('a')]], { low: 3 });
      await findDead(dead, ['a']);
      expect(calls).to.include('offsets ["emails.dead"]');
      expect(calls).to.include('subscribe [{"topic":"emails.dead","fromBeginning":true}]');
      expect(consumer.seek.callCount).to.equal(0);
      expect(group()).to.match(/^fluentmeet-replay\.[\w-]{36}$/);
      expect(admin.deleteGroups.firstCall.args).to.deep.equal([[group()]]);
      expect(calls.slice(-3).map((name) => name.split(' ')[0])).to.deep.equal([
        'consumer.disconnect',
        'deleteGroups',
        'admin.disconnect',
      ]);
    });

    it('reads nothing of a topic without messages, and does not wait for partitions without', async () => {
      const empty = cluster([[], []], { low: 4 });
      expect((await findDead(dead, ['a'])).size).to.equal(0);
      expect(empty.consumer.connect.callCount).to.equal(0);
      expect(empty.admin.disconnect.callCount).to.equal(1);
      sinon.restore();
      cluster([[], [message('a')], []]);
      expect((await findDead(dead, ['a'])).size).to.equal(1);
    });

    it('says what Kafka said, and leaves nothing open', async () => {
      const { admin, consumer } = cluster([[message('a')]]);
      sinon.replace(admin, 'fetchTopicOffsets', () =>
        Promise.reject(Object.assign(new Error('no'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' })),
      );
      const error = await findDead(dead, ['a']).catch((thrown: unknown) => thrown);
      expect(error).to.include({ name: 'KafkaError', code: 'topic-missing' });
      expect([admin.disconnect.callCount, consumer.disconnect.callCount]).to.deep.equal([1, 1]);
    });

    it('ends where the consumer crashes: it would read no further', async () => {
      const { consumer, fail } = cluster([[message('a')]]);
      consumer.run = async () => fail(new Error('gone'));
      const error = await findDead(dead, ['a']).catch((thrown: unknown) => thrown);
      expect(error).to.include({ name: 'KafkaError', code: 'unavailable' });
    });
  });

  describe('findBack', () => {
    const back = (id: string, at: string) => message(id, { headers: { 'replayed-at': at } });
    const died = (id: string, timestamp = now, at?: string) =>
      ({
        eventId: id,
        message: message(id, { timestamp: String(timestamp), headers: at ? { 'replayed-at': at } : {} }),
      }) as DeadMessage;

    it('asks Kafka nothing where nobody is dead', async () => {
      const { calls } = cluster([]);
      expect((await findBack(dead, [])).size).to.equal(0);
      expect(calls).to.deep.equal([]);
    });

    it('finds those that were brought back since they died, and when', async () => {
      cluster([
        [back('a', '2026-03-14T10:00Z'), message('b'), back('c', '2026-03-14T10:00Z')],
        [message('')],
      ]);
      expect([...(await findBack(dead, [died('a'), died('b'), died('d')]))]).to.deep.equal([
        ['a', '2026-03-14T10:00Z'],
      ]);
    });

    it('takes one that died again after it was brought back for dead, until it is brought back once more', async () => {
      const first = '2026-03-14T10:00Z';
      const second = '2026-03-14T11:00Z';
      cluster([[back('a', first), back('b', first), back('b', second)]]);
      expect([...(await findBack(dead, [died('a', now, first), died('b', now, first)]))]).to.deep.equal([
        ['b', second],
      ]);
    });

    it('reads the email topic from ten minutes before the first of them died, as clocks differ', async () => {
      const { calls, consumer } = cluster([[message('x'), message('y')], [message('z')]], {
        low: 2,
        since: 2,
      });
      await findBack(dead, [died('a', now + 5), died('b', now)]);
      expect(calls).to.include(`since ["emails",${now - 600_000}]`);
      expect(consumer.seek.args.map(([place]) => place)).to.deep.equal([
        { topic: 'emails', partition: 0, offset: '2' },
        { topic: 'emails', partition: 1, offset: '2' },
      ]);
    });

    it('reads nothing where all that the topic holds is older', async () => {
      const { consumer } = cluster([[message('a'), message('b')]], { since: 2 });
      expect((await findBack(dead, [died('a')])).size).to.equal(0);
      expect(consumer.connect.callCount).to.equal(0);
    });
  });

  describe('bringBack', () => {
    /** @param answers what Kafka says to each message in turn; nothing where it takes it */
    function producer(...answers: (string | undefined)[]) {
      const sent: { topic: string; acks: number; messages: Message[] }[] = [];
      const opened = {
        connect: async () => {},
        disconnect: sinon.fake.resolves(undefined),
        send: async (given: (typeof sent)[number]) => {
          const type = answers[sent.push(given) - 1];
          if (type) throw Object.assign(new Error(type), { type });
        },
      };
      sinon.stub(Kafka.prototype, 'producer').returns(opened as never);
      return { sent, opened };
    }
    const died = (id: string, headers = {}) =>
      ({ eventId: id, message: message(id, { headers }) }) as DeadMessage;

    it('puts each on the email topic as it was, with the time and with all its attempts', async () => {
      const { sent, opened } = producer();
      const why = {
        reason: 'refused',
        detail: '550',
        attempt: '5',
        'failed-at': 'x',
        'replayed-at': 'before',
      };
      const results = await bringBack(dead, [died('a', { ...why, traceparent: 't' }), died('b')]);
      expect([...results]).to.deep.equal([
        ['a', null],
        ['b', null],
      ]);
      const at = new Date(now).toISOString();
      const { key, value: bytes } = message('a');
      expect(sent).to.deep.equal([
        {
          topic: 'emails',
          acks: -1,
          messages: [
            { key, value: bytes, headers: { 'event-id': 'a', traceparent: 't', 'replayed-at': at } },
          ],
        },
        {
          topic: 'emails',
          acks: -1,
          messages: [{ key, value: bytes, headers: { 'event-id': 'b', 'replayed-at': at } }],
        },
      ]);
      expect(opened.disconnect.callCount).to.equal(1);
    });

    it('goes on after one that Kafka refuses for its own fault', async () => {
      producer('MESSAGE_TOO_LARGE', undefined);
      const results = await bringBack(dead, [died('a'), died('b')]);
      expect(results.get('a')).to.include({ code: 'message-too-large' });
      expect(results.get('b')).to.equal(null);
    });

    it('ends at an outage, and tries none of the others', async () => {
      const { sent } = producer(undefined, 'LEADER_NOT_AVAILABLE');
      const results = await bringBack(dead, [died('a'), died('b'), died('c')]);
      expect([...results.keys()]).to.deep.equal(['a', 'b']);
      expect(results.get('b')).to.include({ code: 'unavailable' });
      expect(sent).to.have.lengthOf(2);
    });

    it('ends after the message at hand when it is interrupted, and tells of that one', async () => {
      const { sent, opened } = producer();
      const interruption = new AbortController();
      const { send } = opened;
      opened.send = (given) => send(given).finally(() => interruption.abort());
      const results = await bringBack(dead, [died('a'), died('b')], interruption.signal);
      expect([...results]).to.deep.equal([['a', null]]);
      expect(sent).to.have.lengthOf(1);
    });
  });
});
