import { expect } from 'chai';
import { createRandom, scramble } from '../../src/seed/random.js';

describe('createRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const take = (seed: number) => Array.from({ length: 5 }, createRandom(seed));
    expect(take(7)).to.deep.equal(take(7));
    expect(take(7)).not.to.deep.equal(take(8));
  });

  it('gives numbers from 0 to below 1, spread evenly', () => {
    const random = createRandom(1);
    const tenths = Array<number>(10).fill(0);
    for (let drawn = 0; drawn < 10_000; drawn++) tenths[Math.floor(random() * 10)]! += 1;
    expect(tenths).to.have.lengthOf(10);
    for (const count of tenths) expect(count).to.be.within(850, 1_150);
  });
});

describe('scramble', () => {
  it('gives another number for each number', () => {
    const scrambled = Array.from({ length: 100_000 }, (_, index) => scramble(index));
    expect(new Set(scrambled).size).to.equal(100_000);
    for (const value of scrambled.slice(0, 100)) expect(value).to.be.within(0, 2 ** 32 - 1);
  });
});
