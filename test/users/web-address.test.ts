import { expect } from 'chai';
import fc from 'fast-check';
import { holdsWebAddress } from '../../src/users/web-address.js';

// What is refused and what passes stands in full-name.test.ts, case by case.
describe('holdsWebAddress', () => {
  it('finds a host however its characters are written', () => {
    const spellings: ((character: string) => string)[] = [
      (character) => character,
      (character) => `&#${character.charCodeAt(0)};`,
      (character) => `&#x${character.charCodeAt(0).toString(16)};`,
      (character) => `%${character.charCodeAt(0).toString(16)}`,
      (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0),
      (character) => `${character}\u200d`,
      (character) => `\u200e${character}`,
    ];
    const spelt = fc
      .tuple(
        fc.constantFrom('evil.com', '//evil', 'https://x'),
        fc.infiniteStream(fc.constantFrom(...spellings)),
      )
      .map(([text, ways]) => Array.from(text, (character) => ways.next().value(character)).join(''));
    fc.assert(
      fc.property(spelt, (text) => {
        expect(holdsWebAddress(text), JSON.stringify(text)).to.equal(true);
      }),
    );
  });

  it('takes what Unicode lists as looking like a full stop for one', () => {
    for (const dot of '\u0660\u06d4\u06f0\u0701\u0702\u2024\ua4f8\ua60e\u{10a50}\u{1d16d}') {
      expect(holdsWebAddress(`evil${dot}com`), dot).to.equal(true);
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(holdsWebAddress(text)).to.be.a('boolean');
      }),
    );
  });
});
