import { expect } from 'chai';
import { displayWidth, fitWidth } from '../../../src/cli/terminal/display-width.js';

describe('displayWidth', () => {
  for (const [text, width] of [
    ['', 0],
    ['Ada', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['한국', 4],
    ['🙂', 2],
    ['👩‍👩‍👧', 2],
    ['ｆｕｌｌ', 8],
  ] as const) {
    it(`of ${JSON.stringify(text)} is ${width}`, () => expect(displayWidth(text)).to.equal(width));
  }
});

describe('fitWidth', () => {
  it('fills up with spaces, by columns and not by characters', () => {
    expect(fitWidth('Ada', 5)).to.equal('Ada  ');
    expect(fitWidth('日本', 5)).to.equal('日本 ');
  });

  it('cuts with an ellipsis, never in the middle of a character, to the same width', () => {
    expect(fitWidth('Lovelace', 5)).to.equal('Love…');
    expect(fitWidth('日本語', 4)).to.equal('日… ');
    for (const columns of [1, 2, 3, 4, 5]) {
      expect(displayWidth(fitWidth('👩‍👩‍👧日本語', columns))).to.equal(columns);
    }
  });
});
