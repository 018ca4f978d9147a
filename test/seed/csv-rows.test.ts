import { expect } from 'chai';
import { csvRows, linesOf } from '../../src/seed/csv-rows.js';

describe('csvRows', () => {
  const cells = (text: string) => [...csvRows(text)].map((row) => row.cells);
  const lines = (text: string) => [...csvRows(text)].map(({ line, lastLine }) => [line, lastLine]);

  it('reads a row a line, whatever system broke the lines', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a,b', 'c,d', ''].join(end);
      expect(cells(text)).to.deep.equal([
        ['a', 'b'],
        ['c', 'd'],
      ]);
      expect(lines(text)).to.deep.equal([
        [1, 1],
        [2, 2],
      ]);
    }
  });

  it('reads the last row with a break behind it and without', () => {
    expect(cells('a\nb')).to.deep.equal([['a'], ['b']]);
    expect(cells('a\nb\n')).to.deep.equal([['a'], ['b']]);
    expect(cells('')).to.deep.equal([]);
  });

  it('reads a field where there is nothing, also at the end of the text', () => {
    expect(cells(',')).to.deep.equal([['', '']]);
    expect(cells('a,,b\n')).to.deep.equal([['a', '', 'b']]);
    expect(cells('a,')).to.deep.equal([['a', '']]);
    expect(cells('\n\na')).to.deep.equal([[''], [''], ['a']]);
    expect(cells('"",""')).to.deep.equal([['', '']]);
  });

  it('leaves out the space around a field, and keeps it in quotes', () => {
    expect(cells(' a , b\t,c\n" a "')).to.deep.equal([['a', 'b', 'c'], [' a ']]);
  });

  it('takes commas, doubled quotes and breaks in quotes for the field', () => {
    expect(cells('"a,b","say ""hi""","x\r\ny"\nc')).to.deep.equal([['a,b', 'say "hi"', 'x\r\ny'], ['c']]);
    expect(cells('"""a"""')).to.deep.equal([['"a"']]);
    expect(cells('""""')).to.deep.equal([['"']]);
  });

  it('takes a quote within a field that does not begin with one for a character', () => {
    expect(cells('6" Joe,Robert "Bob" Smith\nb')).to.deep.equal([['6" Joe', 'Robert "Bob" Smith'], ['b']]);
    expect(cells(' "a"')).to.deep.equal([['"a"']]);
  });

  it('says where a row with breaks in quotes ends, and counts on from there', () => {
    expect(lines('"a\nb",x,"c\r\nd\re"\nf\n"g\nh"')).to.deep.equal([
      [1, 4],
      [5, 5],
      [6, 7],
    ]);
  });

  for (const [what, open] of [
    ['never closes', '"b'],
    ['is all there is', '"'],
    ['is closed by a doubled one alone', '"b""'],
    ['closes before its field ends', '"b" c'],
    ['closes before a space', '"b" '],
  ]) {
    it(`ends where a quote ${what}, and says in which line it opened`, () => {
      expect([...csvRows(`a\nx,"y\nz",${open},d\ne`)]).to.deep.equal([
        { line: 1, lastLine: 1, cells: ['a'] },
        { line: 2, lastLine: 3, cells: undefined },
      ]);
      expect([...csvRows(open as string)]).to.deep.equal([{ line: 1, lastLine: 1, cells: undefined }]);
    });
  }
});

describe('linesOf', () => {
  it('counts the lines of a text, whatever system broke them', () => {
    expect(['', 'a', 'a\n', 'a\nb', 'a\r\nb', 'a\rb', 'a\n\rb'].map(linesOf)).to.deep.equal([
      1, 1, 2, 2, 2, 2, 3,
    ]);
  });
});
