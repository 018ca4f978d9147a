import { expect } from 'chai';
import { requestParts } from '../../../src/publishers/kafka/request-parts.js';

describe('requestParts', () => {
  const lengths = (sizes: readonly number[], header = 0): number[] =>
    requestParts(sizes, (size) => ({
      key: '7',
      value: Buffer.alloc(size),
      headers: { detail: 'x'.repeat(header) },
    })).map(({ length }) => length);

  it('makes no request of nothing', () => {
    expect(lengths([])).to.deep.equal([]);
  });

  it('puts at most 500 messages into one', () => {
    expect(lengths(Array.from({ length: 1_100 }, () => 10))).to.deep.equal([500, 500, 100]);
  });

  it('puts at most half a megabyte into one, headers and all', () => {
    expect(lengths(Array.from({ length: 10 }, () => 100_000))).to.deep.equal([4, 4, 2]);
    expect(
      lengths(
        Array.from({ length: 10 }, () => 50_000),
        50_000,
      ),
    ).to.deep.equal([4, 4, 2]);
  });

  it('leaves one that is larger alone, in its place', () => {
    const parts = requestParts([10, 800_000, 20, 30], (size) => ({ value: 'x'.repeat(size) }));
    expect(parts).to.deep.equal([[10], [800_000], [20, 30]]);
  });
});
