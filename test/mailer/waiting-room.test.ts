import { expect } from 'chai';
import type { KafkaMessage } from 'kafkajs';
import sinon from 'sinon';
import { Lane } from '../../src/mailer/lane.js';
import { type Entry, WaitingRoom } from '../../src/mailer/waiting-room.js';

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

  it('tells of none once it is stopped', () => {
    room.wait(entry('1'), 100);
    room.stop();
    clock.tick(1_000);
    expect(due).to.deep.equal([]);
  });
});
