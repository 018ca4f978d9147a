import type { Cli } from './cli.js';
import type { Column } from './terminal/cell.js';
import { shellWord } from './terminal/shell-word.js';

/** What every `list` prints: with `--json` its rows, else a table, and the command for the next page. */
export interface ListPage<Row> {
  name: 'emails' | 'invites' | 'users';
  rows: readonly Row[];
  json: (row: Row) => object;
  columns: readonly Column<Row>[];
  /** Where there are no rows. */
  none: string;
  next: number | null;
  flags: { limit: number };
}

export function showPage<Row>(
  { output }: Cli,
  { name, rows, json, columns, none, next, flags }: ListPage<Row>,
): void {
  output.result({ [name]: rows.map((row) => json(row)), next }, () => {
    if (rows.length === 0) output.note(none);
    else output.table(rows, columns);
  });
  // On stderr, so with --json as well: a script that counts would count too few.
  if (next !== null) output.note(nextPageHint(name, flags, next));
}

/** What a person sees below a page that is not the last: the command with its filters, for the next one. */
function nextPageHint(name: string, { limit, ...flags }: { limit: number }, next: number): string {
  const words = Object.entries({ ...flags, limit }).flatMap(([flag, value]: [string, unknown]) => {
    if (notFilters.has(flag) || value === false) return [];
    if (value === true) return [`--${flag}`];
    const text = value instanceof Date ? value.toISOString() : String(value);
    return [`--${flag}`, shellWord(text)];
  });
  return `There are more: fluentmeet ${[name, 'list', ...words, '--before', next].join(' ')}`;
}

const notFilters: ReadonlySet<string> = new Set([
  'before',
  'json',
  'reveal',
  'debug',
  'config',
  'as',
  'input',
]);
