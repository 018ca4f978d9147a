import { printable } from './printable.js';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A piece of text in a style, which shows only where there is colour: `styled('red', 'dead')`. */
export interface Styled {
  readonly style: Style;
  readonly value: Plain;
}

export type Plain = string | number | boolean | Date | null | undefined;
export type Cell = Plain | Styled;

export function styled(style: Style, value: Plain): Styled {
  return { style, value };
}

export interface Column<Row> {
  title: string;
  value: (row: Row) => Cell;
  align?: 'left' | 'right';
}

/** The text of a cell, without its style, safe to print. */
export function cellText(cell: Cell, local: boolean): string {
  const value = isStyled(cell) ? cell.value : cell;
  if (value === null || value === undefined) return local ? '–' : '';
  if (value instanceof Date) return local ? localTime(value) : value.toISOString();
  return printable(String(value));
}

export function isStyled(cell: Cell): cell is Styled {
  return typeof cell === 'object' && cell !== null && !(cell instanceof Date);
}

function localTime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
