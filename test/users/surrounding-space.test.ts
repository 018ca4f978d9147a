import { expect } from 'chai';
import fc from 'fast-check';
import { withoutSurroundingSpace } from '../../src/users/surrounding-space.js';
import { inTime } from '../support/in-time.js';

describe('withoutSurroundingSpace', () => {
  it('takes off what Unicode calls white space, and a byte order mark', () => {
    for (let code = 0; code <= 0xffff; code += 1) {
      const character = String.fromCharCode(code);
      const expected = /[\p{White_Space}\ufeff]/u.test(character) ? 'a b' : `${character}a b${character}`;
      expect(withoutSurroundingSpace(`${character}a b${character}`)).to.equal(expected);
    }
  });

  it('takes off at least what String.trim does, and nothing inside', () => {
    const space = fc.constantFrom(' ', '\t', '\n', '\u0085', '\u00a0', '\u2003', '\u3000', '\ufeff');
    const text = fc.string({ unit: fc.oneof(space, fc.constantFrom('a', '\u200b', '😀')) });
    fc.assert(
      fc.property(text, (given) => {
        const result = withoutSurroundingSpace(given);
        expect(result).to.equal(result.trim());
        expect(given).to.include(result);
        expect(withoutSurroundingSpace(` ${given}\u0085`)).to.equal(result);
      }),
    );
  });

  it('takes time in proportion to hostile text', async () => {
    const text = `a${' '.repeat(1_000_000)}b`;
    expect(await inTime(500, () => withoutSurroundingSpace(text))).to.have.length(1_000_002);
  });
});
