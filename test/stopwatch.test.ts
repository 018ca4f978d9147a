import { expect } from 'chai';
import sinon from 'sinon';
import { startStopwatch } from '../src/stopwatch.js';

describe('startStopwatch', () => {
  afterEach(() => sinon.restore());

  for (const [clock, passes] of [
    ['monotonic clock', { performance: 5, date: 3 }],
    ['wall clock, as after the sleep of a machine', { performance: 3, date: 5 }],
    ['monotonic clock, where the wall clock is set back', { performance: 5, date: -60 }],
  ] as const) {
    it(`measures by the ${clock}, where that went further`, () => {
      const [now, date] = [
        sinon.stub(performance, 'now').returns(100),
        sinon.stub(Date, 'now').returns(7_000),
      ];
      const elapsed = startStopwatch();
      now.returns(100 + passes.performance);
      date.returns(7_000 + passes.date);
      expect(elapsed()).to.equal(5);
    });
  }
});
