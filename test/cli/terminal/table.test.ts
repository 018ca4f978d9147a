import { expect } from 'chai';
import { type Cell, cellText } from '../../../src/cli/terminal/cell.js';
import { layOutDetails, layOutTable } from '../../../src/cli/terminal/table.js';

const text = (rows: Cell[][]) => rows.map((row) => row.map((cell) => cellText(cell, true)).join('  '));

describe('layOutTable', () => {
  const columns = [{ title: 'id', align: 'right' as const }, { title: 'name' }, { title: 'note' }];

  it('gives each column the width of its widest text or its title, and leaves no space at the end', () => {
    expect(
      text(
        layOutTable(
          columns,
          [
            [7, 'Ada', 'x'],
            [1234, 'Bo', null],
          ],
          80,
        ),
      ),
    ).to.deep.equal(['  id  name  note', '   7  Ada   x', '1234  Bo    –']);
  });

  it('counts a wide letter as the two columns that it takes', () => {
    expect(
      text(
        layOutTable(
          [{ title: 'name' }, { title: 'x' }],
          [
            ['日本語', 1],
            ['a', 2],
          ],
          80,
        ),
      ),
    ).to.deep.equal(['name    x', '日本語  1', 'a       2']);
  });

  it('fits a terminal to the column, and cuts the widest text first where it is one narrower', () => {
    const row = [7, 'a'.repeat(20), 'b'.repeat(15)];
    const width = 2 + 2 + 20 + 2 + 15;
    expect(text(layOutTable(columns, [row], width))[1]).to.equal(` 7  ${'a'.repeat(20)}  ${'b'.repeat(15)}`);
    expect(text(layOutTable(columns, [row], width - 1))[1]).to.equal(
      ` 7  ${'a'.repeat(18)}…  ${'b'.repeat(15)}`,
    );
    const narrower = text(layOutTable(columns, [row], width - 7))[1];
    expect(narrower).to.equal(` 7  ${'a'.repeat(13)}…  ${'b'.repeat(13)}…`);
  });

  it('takes nothing from times and numbers, and from a text no more than down to twelve', () => {
    const time = new Date(2026, 2, 14, 12, 30, 5);
    const row = [123_456_789_012_345, time, 'a'.repeat(30)];
    const least = 15 + 2 + 19 + 2 + 12;
    expect(text(layOutTable(columns, [row], least))[1]).to.equal(
      `123456789012345  2026-03-14 12:30:05  ${'a'.repeat(11)}…`,
    );
    expect(text(layOutTable(columns, [row], least - 1))).to.deep.equal([
      'id    123456789012345',
      'name  2026-03-14 12:30:05',
      `note  ${'a'.repeat(30)}`,
    ]);
  });

  it('puts an empty line between the paragraphs, and none before the first', () => {
    const rows = ['x', 'y'].map((name) => [name.repeat(13), 'a', 'b']);
    const narrow = layOutTable([{ title: 'a' }, { title: 'b' }, { title: 'c' }], rows, 3);
    expect(text(narrow)).to.deep.equal([
      `a  ${'x'.repeat(13)}`,
      'b  a',
      'c  b',
      '',
      `a  ${'y'.repeat(13)}`,
      'b  a',
      'c  b',
    ]);
  });

  it('keeps the style of a cell, and of no other', () => {
    const [header, row] = layOutTable(
      [{ title: 'status' }, { title: 'x' }],
      [[{ style: 'red', value: 'dead' }, 1]],
      80,
    );
    expect(header).to.deep.equal([
      { style: 'bold', value: 'status' },
      { style: 'bold', value: 'x' },
    ]);
    expect(row).to.deep.equal([{ style: 'red', value: 'dead  ' }, '1']);
  });
});

describe('layOutDetails', () => {
  it('puts the values below each other', () => {
    expect(
      text(
        layOutDetails([
          ['id', 7],
          ['email', 'ada@example.com'],
        ]),
      ),
    ).to.deep.equal(['id     7', 'email  ada@example.com']);
  });
});
