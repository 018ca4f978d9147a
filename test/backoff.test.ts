import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { backoff } from '../src/backoff.js';

describe('backoff', () => {
  afterEach(() => sinon.restore());

  it('doubles from the first wait to the longest', () => {
    sinon.stub(Math, 'random').returns(1);
    const waits = [1, 2, 3, 4, 5, 6, 7].map((failures) => backoff(failures, { first: 250, most: 5_000 }));
    expect(waits).to.deep.equal([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });

  it('lies between half of it and all of it, so that many relays do not come back at once', () => {
    const waits = Array.from({ length: 200 }, () => backoff(3, { first: 1000, most: 60_000 }));
    expect(Math.min(...waits)).to.be.within(2000, 2500);
    expect(Math.max(...waits)).to.be.within(3500, 4000);
  });

  it('stays a length of time after any number of failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (failures) => {
        expect(backoff(failures, { first: 5_000, most: 3_600_000 })).to.be.within(2_500, 3_600_000);
      }),
    );
  });
});
