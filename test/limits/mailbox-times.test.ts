import { expect } from 'chai';
import { inTime } from '../support/in-time.js';
import { budgetOf, rescheduled } from '../../src/limits/mailbox-times.js';

describe('rescheduled', () => {
  const minute = 60_000;
  const day = 1440 * minute;
  const now = Date.parse('2030-01-05T10:00:00Z');
  /** Minutes from now. */
  const anew = (counted: number[], due: number[], limits = { minute: 2, day: 50 }) => {
    const inTime = (times: number[]) => times.map((time) => now + time * minute);
    const waited = inTime(due).map((time) => ({ due: time }));
    const { times, counted: after } = rescheduled(inTime(counted), waited, limits, now);
    return [times, after].map((all) => all.map((time) => (time - now) / minute));
  };

  it('gives those that gathered the minutes from now on, each in the place of its old time', () => {
    expect(anew([-9, -9, -8, -8, -7], [-9, -9, -8, -8, -7])).to.deep.equal([
      [0, 0, 1, 1, 2],
      [0, 0, 1, 1, 2],
    ]);
  });

  it('counts what was sent just before, and goes between those that wait', () => {
    expect(anew([-9, -0.5, 0.2, 5], [-9])).to.deep.equal([[0.5], [-0.5, 0.2, 0.5, 5]]);
    expect(anew([-9, 3, 3, 4, 4], [-9])).to.deep.equal([[0], [0, 3, 3, 4, 4]]);
    expect(anew([-9, -0.5, 1, 1], [-9, -9])).to.deep.equal([
      [0, 2],
      [-0.5, 0, 1, 1, 2],
    ]);
  });

  it('takes no place of another that was to go at the same moment', () => {
    expect(anew([-9, -9, -9], [-9])).to.deep.equal([[0], [-9, -9, 0]]);
  });

  it('finds the place of what became due otherwise, so that nothing counts twice', () => {
    const waited = { due: now, since: now - 60 * minute };
    const { times, counted } = rescheduled(
      [now - 90 * minute, now - 50 * minute, now - 40 * minute],
      [waited, waited],
      { minute: 2, day: 3 },
      now,
    );
    expect(times).to.deep.equal([now, now]);
    expect(counted).to.deep.equal([now - 90 * minute, now, now]);
  });

  it('keeps the number of a day, which begins with the first of it', () => {
    const limits = { minute: 2, day: 3 };
    expect(anew([-60, -50, -9], [-9, -9], limits)[0]).to.deep.equal([0, 1380]);
  });

  it('goes last where the budget holds nothing but what is to come, and may have forgotten some of it', () => {
    const [times] = anew([1440, 1440, 1441], [-9], { minute: 2, day: 3 });
    expect(times).to.deep.equal([2880]);
  });

  it('never lets more through than a minute and a day allow, whatever has gathered', () => {
    const limits = { minute: 3, day: 20 };
    const sent = Array.from({ length: 15 }, (_, index) => now - index * 7_000).toReversed();
    const gathered = Array.from({ length: 60 }, (_, index) => now - day + index);
    const all = [
      ...sent,
      ...rescheduled(
        sent,
        gathered.map((due) => ({ due })),
        limits,
        now,
      ).times,
    ];
    // What was sent was sent.
    for (let index = sent.length; index < all.length; index++) {
      const time = all[index] as number;
      expect(time - (all[index - 3] as number)).to.be.at.least(minute);
      if (index >= 20) expect(time - (all[index - 20] as number)).to.be.at.least(day);
    }
  });

  it('takes little of the event loop where thousands have gathered: rows are locked meanwhile', async () => {
    const gathered = Array.from({ length: 2_000 }, (_, index) => ({ due: now - day + index }));
    const counted = gathered.slice(-1_000).map(({ due }) => due);
    const limits = { minute: 5, day: 1_000 };
    const { times } = await inTime(1_000, () => rescheduled(counted, gathered, limits, now));
    expect(times.slice(0, 6)).to.deep.equal([now, now, now, now, now, now + minute]);
    expect(times.at(-1)).to.equal(now + day + 199 * minute);
  });

  it('tells a resend by its time', () => {
    expect(budgetOf({ due: now }, [now - 1, now + 0.0005])).to.equal('resend');
    expect(budgetOf({ due: now }, [now - 1])).to.equal('signup');
    const waited = { due: now, since: now - 60 * minute };
    expect(budgetOf(waited, [now - 60 * minute + 0.25])).to.equal('resend');
    expect(budgetOf(waited, [now - 59 * minute])).to.equal('signup');
  });
});
