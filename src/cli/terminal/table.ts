import { displayWidth, fitWidth } from './display-width.js';
import { type Cell, cellText, type Column, isStyled, styled } from './cell.js';

const gap = 2;
/** A column of text that has to give up more than this says too little. */
const readableColumn = 12;

/**
 * Header and rows in columns of one width each; columns too many for the terminal give up width, the widest first, but
 * none of times and numbers. Where they would have to give up too much, each row is a paragraph of names and values.
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
  const least = natural.map((width, index) =>
    columns[index]?.align === 'right' || rows.some((row) => row[index] instanceof Date)
      ? width
      : Math.min(width, readableColumn),
  );
  const widths = shrink(natural, least, terminalWidth - gap * (columns.length - 1));
  if (!widths) return layOutParagraphs(columns, rows);
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

/** Undefined where there is no room for the least of each. */
function shrink(
  natural: readonly number[],
  least: readonly number[],
  available: number,
): number[] | undefined {
  const widths = [...natural];
  let total = widths.reduce((sum, width) => sum + width, 0);
  for (; total > available; total -= 1) {
    const shrinkable = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = Math.max(...shrinkable);
    if (widest === 0) return undefined;
    widths[shrinkable.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function restyle(cell: Cell, text: string): Cell {
  return isStyled(cell) ? styled(cell.style, text) : text;
}
