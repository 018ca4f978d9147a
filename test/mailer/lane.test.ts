import { expect } from 'chai';
import fc from 'fast-check';
import { Lane } from '../../src/mailer/lane.js';

function laneWith(...offsets: string[]) {
  const lane = new Lane('topic', 0);
  for (const offset of offsets) lane.add(offset);
  return lane;
}

describe('the messages of a partition in hand', () => {
  it('may be committed up to the first that is not done', () => {
    const lane = laneWith('5', '6', '9');
    expect(lane.progress()).to.equal(undefined);
    lane.finish('6');
    expect(lane.progress()).to.equal(undefined);
    lane.finish('5');
    expect(lane.progress()).to.equal('7');
    lane.committed('7');
    expect(lane.progress()).to.equal(undefined);
    lane.finish('9');
    expect(lane.progress()).to.equal('10');
  });

  it('are offered for committing again where that failed', () => {
    const lane = laneWith('5');
    lane.finish('5');
    expect(lane.progress()).to.equal('6');
    expect(lane.progress()).to.equal('6');
  });

  it('count once, however often they are read or finished', () => {
    const lane = laneWith('1', '1', '2');
    expect(lane.unfinished).to.equal(2);
    lane.finish('1');
    lane.finish('1');
    lane.finish('77');
    expect(lane.unfinished).to.equal(1);
  });

  it('are held up where one behind them is done', () => {
    const lane = laneWith('1', '2', '3', '4');
    expect(lane.heldUp()).to.deep.equal([]);
    lane.finish('3');
    expect(lane.heldUp()).to.deep.equal(['1', '2']);
  });

  it('tell how many wait, the unread ones included', () => {
    const lane = laneWith('10', '11', '12');
    lane.highWatermark = '20';
    expect(lane.waiting()).to.equal(10);
    lane.finish('11');
    expect(lane.waiting()).to.equal(9);
    lane.finish('10');
    expect(lane.waiting()).to.equal(8);
    lane.finish('12');
    expect(lane.waiting()).to.equal(7);
  });

  it('are never committed beyond one that is not done, in whatever order they end', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 30 }, (_, index) => index),
          { minLength: 1 },
        ),
        (done) => {
          const lane = laneWith(...Array.from({ length: 30 }, (_, index) => String(index)));
          for (const offset of done) lane.finish(String(offset));
          const first = Array.from({ length: 31 }, (_, index) => index).find(
            (index) => !done.includes(index),
          );
          expect(lane.progress() ?? '0').to.equal(String(first));
        },
      ),
    );
  });
});
