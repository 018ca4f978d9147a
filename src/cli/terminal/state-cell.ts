import { type Cell, type Style, styled } from './cell.js';

/** What an email or an invite is, in its colour. */
export function stateCell(state: string): Cell {
  return styled(colors[state] ?? 'bold', state);
}

const colors: Readonly<Record<string, Style>> = {
  published: 'green',
  usable: 'green',
  pending: 'yellow',
  dead: 'red',
  revoked: 'red',
  obsolete: 'dim',
  spent: 'dim',
  expired: 'dim',
};
