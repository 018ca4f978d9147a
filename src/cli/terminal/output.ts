import { styleText } from 'node:util';
import { type Cell, cellText, type Column, isStyled, type Style, styled } from './cell.js';
import { hasColor, type Io, type TerminalStream, widthOf } from './io.js';
import { printable, printableJson } from './printable.js';
import { createProgress, type Progress } from './progress.js';
import { layOutDetails, layOutTable } from './table.js';
import { withConfig } from './with-config.js';
import { wrapWords } from './wrap-words.js';

export interface OutputOptions {
  json: boolean;
  /** The module of `--config`, which the commands that are named want as well. */
  config?: string | undefined;
}

/**
 * Results go to stdout, all else to stderr. With `--json` only `result` writes to stdout. Whatever is written passes
 * `printable` here, so that no command has to think of it. Dates: local time on a terminal, else ISO 8601.
 */
export type Output = ReturnType<typeof createOutput>;

export function createOutput(io: Io, { json, config }: OutputOptions) {
  const terminal = io.stdout.isTTY === true;
  let drawn: Progress | undefined;
  const write = (stream: TerminalStream, cells: readonly Cell[], separator = ''): void => {
    const color = hasColor(io, stream);
    const local = stream.isTTY === true;
    // Both streams may be one terminal: what is said in the midst of the work takes the bar away.
    drawn?.end();
    stream.write(`${cells.map((cell) => render(cell, { color, local })).join(separator)}\n`);
  };
  const advice = (text: string): string => withConfig(text, config);
  const writeRows = (rows: readonly (readonly Cell[])[]): void => {
    for (const row of rows) write(io.stdout, row, terminal ? '  ' : '\t');
  };
  return {
    json,
    /** stdout is a terminal. */
    terminal,
    /** Said where stdout could not be written, because something was made whose only secret stood in it. */
    ifLost: undefined as string | undefined,
    /** The command's result: `value` with `--json` (dates become ISO 8601), else whatever `show` prints. */
    result(value: unknown, show: () => void): void {
      if (json) io.stdout.write(`${printableJson(value)}\n`);
      else show();
    },
    /** A line on stdout, of parts put side by side. */
    line: (...parts: Cell[]) => write(io.stdout, parts),
    /** A sentence on stdout, indented; on a terminal its lines break between words. */
    sentence(text: string, { indent = '', style }: { indent?: string; style?: Style } = {}): void {
      const lines = terminal ? wrapWords(printable(text), widthOf(io.stdout) - indent.length) : [text];
      for (const line of lines) write(io.stdout, [indent, style ? styled(style, line) : line]);
    },
    /** On a terminal a table with a header that fits its width; else tab-separated values without header. */
    table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
      const cells = rows.map((row) => columns.map(({ value }) => value(row)));
      writeRows(terminal ? layOutTable(columns, cells, widthOf(io.stdout)) : cells);
    },
    /** Names and values, one a line: aligned on a terminal, else tab-separated. */
    details: (pairs: readonly (readonly [name: string, value: Cell])[]) =>
      writeRows(terminal ? layOutDetails(pairs) : pairs),
    /** What to do next, with the commands as they are to be typed: for what stands in a result. */
    advice,
    /** A line on stderr: what happens, what comes next. */
    note: (...parts: Cell[]) =>
      write(
        io.stderr,
        parts.map((part) => (typeof part === 'string' ? advice(part) : part)),
      ),
    warn: (message: string) => write(io.stderr, [styled('yellow', 'warning: '), advice(message)]),
    /** A progress bar on stderr; nothing where stderr is not a terminal. */
    progress: (label: string, total: number): Progress =>
      (drawn = createProgress(io.stderr, printable(label), total)),
  };
}

function render(cell: Cell, { color, local }: { color: boolean; local: boolean }): string {
  const text = cellText(cell, local);
  return color && isStyled(cell) ? styleText(cell.style, text, { validateStream: false }) : text;
}
