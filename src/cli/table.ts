import { displayWidth, fitWidth } from './display-width.js';
import { type Cell, cellText, type Column, type Styled, styled } from './cell.js';

const gap = 2;
const narrowestColumn = 5;
/** A column that has to give up more than this says too little. */
const readableColumn = 12;

/**
 * Header and rows in columns of one width each; columns too many for the terminal give up width, the widest first. Where
 * they would have to give up too much, each row is a paragraph of names and values.
 */
export function layOutTable(
  columns: readonly Pick<Column<never>, 'title' | 'align'>[],
  rows: readonly (readonly Cell[])[],
  terminalWidth: number,
): Cell[][] {
  const texts = rows.map((row) => row.map((cell) => cellText(cell, true)));
  const natural = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...texts.map((row) => displayWidth(row[index] ?? ''))),
  );
  const widths = shrink(natural, terminalWidth - gap * (columns.length - 1));
  const isReadable = widths.every((width, index) => width >= Math.min(natural[index] ?? 0, readableColumn));
  if (!isReadable) return layOutParagraphs(columns, rows);
  const place = (text: string, index: number): string => {
    const width = widths[index] ?? 0;
    if (columns[index]?.align === 'right' && displayWidth(text) < width) {
      return ' '.repeat(width - displayWidth(text)) + text;
    }
    const placed = fitWidth(text, width);
    return index === columns.length - 1 ? placed.trimEnd() : placed;
  };
  return [
    columns.map(({ title }, index) => styled('bold', place(title, index))),
    ...rows.map((row, line) =>
      row.map((cell, index) => restyle(cell, place(texts[line]?.[index] ?? '', index))),
    ),
  ];
}

function layOutParagraphs(
  columns: readonly Pick<Column<never>, 'title'>[],
  rows: readonly (readonly Cell[])[],
): Cell[][] {
  return rows.flatMap((row, line) => [
    ...(line === 0 ? [] : [['']]),
    ...layOutDetails(row.map((cell, index) => [columns[index]?.title ?? '', cell])),
  ]);
}

export function layOutDetails(pairs: readonly (readonly [name: string, value: Cell])[]): Cell[][] {
  const width = Math.max(...pairs.map(([name]) => displayWidth(name)));
  return pairs.map(([name, value]) => [styled('bold', fitWidth(name, width)), value]);
}

function shrink(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width, 0);
    const widest = Math.max(...widths);
    if (total <= available || widest <= narrowestColumn) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

function restyle(cell: Cell, text: string): Cell {
  return typeof cell === 'object' && cell !== null && 'style' in cell
    ? ({ style: cell.style, value: text } satisfies Styled)
    : text;
}
