import { expect } from 'chai';
import { displayWidth, fitWidth } from '../../../src/cli/terminal/display-width.js';
import { printable, printableJson } from '../../../src/cli/terminal/printable.js';

describe('printable', () => {
  it('leaves letters of every script and emoji as they are', () => {
    for (const text of ['Ada Lovelace', 'Émile', '李小龍', 'محمد', 'אברהם', 'क्षि', '👩‍👩‍👧 ok']) {
      expect(printable(text)).to.equal(text);
    }
  });

  it('makes every control character visible, so that no escape sequence reaches a terminal', () => {
    expect(printable('\u001b[2J\u0007')).to.equal('\\u001b[2J\\u0007');
    expect(printable('\u009b31m\u007f')).to.equal('\\u009b31m\\u007f');
    expect(printable('a\nb\r\tc\0')).to.equal('a\\nb\\r\\tc\\u0000');
    const all = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
    expect(printable(all)).to.match(/^[\x20-\x7e]*$/);
  });

  it('makes bidirectional overrides, separators and lone surrogates visible', () => {
    expect(printable('a\u202eb\u2066c\u2028d\ud800')).to.equal('a\\u202eb\\u2066c\\u2028d\\ud800');
  });

  it('gives JSON that parses to the same value and holds no raw control character', () => {
    const value = { name: '\u001b]0;x\u0007\u009b\u202e\n', list: [1, null, new Date(0)] };
    const text = printableJson(value);
    expect(JSON.parse(text)).to.deep.equal({ ...value, list: [1, null, '1970-01-01T00:00:00.000Z'] });
    expect(text.replaceAll('\n', '')).to.match(/^[\x20-\x7e]*$/);
  });
});

describe('display width', () => {
  it('counts wide characters twice and combining ones not at all', () => {
    expect(displayWidth('abc')).to.equal(3);
    expect(displayWidth('李小龍')).to.equal(6);
    expect(displayWidth('e\u0301')).to.equal(1);
    expect(displayWidth('👩‍👩‍👧')).to.equal(2);
  });

  it('cuts with an ellipsis and fills with spaces to exactly the width', () => {
    for (const text of ['abcdefgh', '李小龍李小龍', 'ab', '']) {
      for (const width of [1, 2, 3, 4, 5, 10]) expect(displayWidth(fitWidth(text, width))).to.equal(width);
    }
    expect(fitWidth('abcdefgh', 4)).to.equal('abc…');
  });
});
