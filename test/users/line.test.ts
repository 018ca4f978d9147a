import { expect } from 'chai';
import { canonicalLine, linePattern } from '../../src/users/line.js';

/** What is refused for itself is in full-name.test.ts, for the field of which it is the most. */
describe('canonicalLine', () => {
  const lineOf = (text: string) => canonicalLine('FULL_NAME', text, 4);

  it('counts code points up to the limit of its field, without what is trimmed', () => {
    expect(lineOf(' \t👍👍👍👍\u200b ')).to.deep.equal({ ok: true, text: '👍👍👍👍' });
    expect(lineOf('👍👍👍👍👍')).to.deep.equal({ ok: false, fault: 'FULL_NAME_TOO_LONG' });
  });

  it('is null where nothing visible is left', () => {
    for (const nothing of ['', ' ', '\u2800', '\u200b\ufeff']) {
      expect(lineOf(nothing)).to.deep.equal({ ok: true, text: null });
    }
  });

  it('asks for what else may be wrong after controls, and before what nobody sees', () => {
    const further = (text: string) => canonicalLine('FULL_NAME', text, 4, () => 'FULL_NAME_HOLDS_ADDRESS');
    expect(further('a\nb')).to.deep.equal({ ok: false, fault: 'FULL_NAME_HOLDS_CONTROLS' });
    expect(further('a\u200bb')).to.deep.equal({ ok: false, fault: 'FULL_NAME_HOLDS_ADDRESS' });
    expect(lineOf('a\u200bb')).to.deep.equal({ ok: false, fault: 'FULL_NAME_HOLDS_CONTROLS' });
    expect(lineOf('a.de')).to.deep.equal({ ok: true, text: 'a.de' });
  });

  it('has a pattern that refuses nothing that it takes', () => {
    const pattern = new RegExp(linePattern);
    for (const taken of ['', 'ab', 'م\u200cم', '👍']) {
      expect(lineOf(taken).ok && pattern.test(taken), taken).to.equal(true);
    }
    for (const refused of ['a\nb', 'a\u0085b', 'a\u2028b', 'a\u202eb']) {
      expect(lineOf(refused).ok || pattern.test(refused), refused).to.equal(false);
    }
  });
});
