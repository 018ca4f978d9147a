import { expect } from 'chai';
import type { KafkaMessage, Message } from 'kafkajs';
import sinon from 'sinon';
import { Lane } from '../../src/mailer/lane.js';
import { type Entry, WaitingRoom } from '../../src/mailer/waiting-room.js';
import { KafkaError } from '../../src/publishers/kafka/kafka-error.js';

describe('WaitingRoom', () => {
  let clock: sinon.SinonFakeTimers;
  let due: string[];
  let moved: string[];
  let room: WaitingRoom;
  let lane: Lane;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    [due, moved] = [[], []];
    room = new WaitingRoom(
      ({ message }) => due.push(message.offset),
      ({ message }) => moved.push(message.offset),
    );
    lane = new Lane('emails.retry', 0);
  });
  afterEach(() => sinon.restore());

  function entry(offset: string, more: Partial<KafkaMessage> = {}, of = lane): Entry {
    of.add(offset);
    const message = { key: Buffer.from('7'), value: Buffer.from(offset), offset, ...more } as KafkaMessage;
    return { lane: of, message };
  }

  it('tells of each once its time has come, and not before', () => {
    room.wait(entry('1'), 100);
    room.wait(entry('2'), 50);
    clock.tick(49);
    expect(due).to.deep.equal([]);
    clock.tick(1);
    expect(due).to.deep.equal(['2']);
    clock.tick(1_000);
    expect(due).to.deep.equal(['2', '1']);
  });

  it('writes anew those that stand before what is done with, and they are due no more', async () => {
    const headers = { 'event-id': 'a' };
    room.wait(entry('1', { headers }), 100);
    room.wait(entry('2'), 100);
    lane.add('3');
    room.wait(entry('4'), 100);
    lane.finish('3');
    const write = sinon.fake.resolves(undefined);
    await room.moveHeldUp(lane, { write });
    expect(write.args).to.deep.equal([
      [
        'emails.retry',
        [
          { key: Buffer.from('7'), value: Buffer.from('1'), headers },
          { key: Buffer.from('7'), value: Buffer.from('2') },
        ],
      ],
    ]);
    expect(moved).to.deep.equal(['1', '2']);
    clock.tick(100);
    expect(due).to.deep.equal(['4']);
  });

  it('leaves alone what holds up nothing, and the other lanes', async () => {
    const other = new Lane('emails.retry', 1);
    room.wait(entry('1', {}, other), 100);
    other.add('2');
    other.finish('2');
    room.wait(entry('9'), 100);
    // Of the same offset, and in hand elsewhere: what waits is the other lane's.
    const sending = new Lane('emails.retry', 2);
    sending.add('1');
    sending.add('2');
    sending.finish('2');
    const write = sinon.fake.resolves(undefined);
    await room.moveHeldUp(lane, { write });
    await room.moveHeldUp(sending, { write });
    expect(write.callCount).to.equal(0);
    clock.tick(100);
    expect(due).to.deep.equal(['1', '9']);
  });

  it('keeps those waiting that Kafka did not take', async () => {
    room.wait(entry('1'), 100);
    lane.add('2');
    lane.finish('2');
    const write = sinon.fake.rejects(new Error('away'));
    expect(await room.moveHeldUp(lane, { write }).catch((error: Error) => error.message)).to.equal('away');
    expect(moved).to.deep.equal([]);
    clock.tick(100);
    expect(due).to.deep.equal(['1']);
  });

  it('is done with none that became due while it was written', async () => {
    room.wait(entry('1'), 100);
    room.wait(entry('2'), 200);
    lane.add('3');
    lane.finish('3');
    await room.moveHeldUp(lane, { write: async () => void clock.tick(100) });
    expect(due).to.deep.equal(['1']);
    expect(moved).to.deep.equal(['2']);
  });

  describe('with more than Kafka takes in one request', () => {
    const letter = 'x'.repeat(900);
    const many = 1_600;
    beforeEach(() => {
      for (let offset = 0; offset < many; offset++)
        room.wait(entry(String(offset), { value: Buffer.from(letter) }), 100);
      lane.add(String(many));
      lane.finish(String(many));
    });
    const tooLarge = new KafkaError('message-too-large', 'Kafka: MESSAGE_TOO_LARGE');
    const lengths = (write: sinon.SinonSpy): number[] =>
      write.args.map(([, messages]) => (messages as unknown[]).length);

    it('writes it in parts, and is done with each part as soon as it is written', async () => {
      const movedBefore: number[] = [];
      const write = sinon.fake(async () => void movedBefore.push(moved.length));
      await room.moveHeldUp(lane, { write });
      expect(movedBefore).to.deep.equal([0, 500, 1_000, 1_500]);
      expect(moved).to.have.length(many);
      expect(room.size).to.equal(0);
    });

    it('goes on where it was when Kafka was away in the middle', async () => {
      let calls = 0;
      const write = async (): Promise<void> => {
        if (++calls === 3) throw new KafkaError('unavailable', 'away');
      };
      const failure = await room.moveHeldUp(lane, { write }).catch((error: Error) => error.message);
      expect([failure, calls, moved.length]).to.deep.equal(['away', 3, 1_000]);
      await room.moveHeldUp(lane, { write });
      expect([calls, moved.length]).to.deep.equal([5, many]);
    });

    it('comes below the limit of a topic that takes less, past one that fits nowhere, which it names', async () => {
      const large = entry('9999', { value: Buffer.from('y'.repeat(300_000)) });
      room.wait(large, 100);
      lane.add('10000');
      lane.finish('10000');
      const write = sinon.fake(async (_: string, messages: Message[]) => {
        const bytes = messages.reduce((sum, { value }) => sum + Buffer.byteLength(value ?? ''), 0);
        if (bytes > 100_000) throw tooLarge;
      });
      expect(await room.moveHeldUp(lane, { write }).catch((error: unknown) => error)).to.equal(tooLarge);
      expect(moved).to.have.length(many);
      expect(room.size).to.equal(1);
    });

    it('begins no part once it is over, or once the partition is somebody else’s', async () => {
      const write = sinon.fake.resolves(undefined);
      await room.moveHeldUp(lane, { write }, () => write.callCount === 2);
      expect(lengths(write)).to.deep.equal([500, 500]);
      write.resetHistory();
      const closing = sinon.fake(async () => {
        lane.closed = true;
        room.dropClosed();
      });
      await room.moveHeldUp(lane, { write: closing });
      expect(lengths(closing)).to.deep.equal([500]);
      expect(moved).to.have.length(1_000);
    });
  });

  it('lets go of those of a lane that was closed, and takes no more of it', () => {
    const other = new Lane('emails.retry', 1);
    for (let offset = 0; offset < 20; offset++) room.wait(entry(String(offset)), 100);
    room.wait(entry('1', {}, other), 100);
    expect([room.size, clock.countTimers()]).to.deep.equal([21, 21]);
    lane.closed = true;
    room.dropClosed();
    room.wait(entry('77'), 100);
    expect([room.size, clock.countTimers()]).to.deep.equal([1, 1]);
    clock.tick(100);
    expect(due).to.deep.equal(['1']);
    expect(room.size).to.equal(0);
  });

  it('tells of none once it is stopped', () => {
    room.wait(entry('1'), 100);
    room.stop();
    clock.tick(1_000);
    expect(due).to.deep.equal([]);
  });
});
