import { expect } from 'chai';
import sinon from 'sinon';
import { getOrMake } from '../src/get-or-make.js';

describe('getOrMake', () => {
  it('makes a value once a key, and gives whoever asks next the same', () => {
    const known = new Map<string, object>();
    const make = sinon.fake(() => ({}));
    const first = getOrMake(known, 'a', make);
    expect(getOrMake(known, 'a', make)).to.equal(first);
    expect(getOrMake(known, 'b', make)).not.to.equal(first);
    expect(make.callCount).to.equal(2);
    expect([...known.keys()]).to.deep.equal(['a', 'b']);
  });

  it('gives what stands there, also where it is nothing much', () => {
    for (const value of [0, '', false, null]) {
      const known = new Map<string, unknown>([['a', value]]);
      expect(getOrMake(known, 'a', () => 'made')).to.equal(value);
    }
  });

  it('keeps nothing where making it failed', () => {
    const known = new Map<string, number>();
    const fail = () => {
      throw new Error('not now');
    };
    expect(() => getOrMake(known, 'a', fail)).to.throw('not now');
    expect(known.size).to.equal(0);
    expect(getOrMake(known, 'a', () => 7)).to.equal(7);
  });

  it('fits whatever has get and set', () => {
    const known = new WeakMap<object, number>();
    const key = {};
    expect(getOrMake(known, key, () => 7)).to.equal(7);
    expect(known.get(key)).to.equal(7);
  });
});
