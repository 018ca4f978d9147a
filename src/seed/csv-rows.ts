/** The line where a row begins and the one where it ends, counted from 1. They differ where a quoted field has breaks. */
export interface CsvRow {
  line: number;
  lastLine: number;
  /** Undefined where a quote opens in `lastLine` that does not close where its field ends. No row follows. */
  cells: string[] | undefined;
}

/**
 * RFC 4180: a field in quotes may hold commas, doubled quotes and line breaks. A quote within a field that does not begin
 * with one is a character like any other, as many tools write it. Behind one that opens and does not close, nothing can be
 * told apart any more.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  const plain = /[^,\r\n]*/y;
  const separator = /,|\r\n?|\n|$/y;
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const row = { line, lastLine: line, cells: [] as string[] };
    let end: string | undefined;
    do {
      if (text[at] === '"') {
        const closing = closingQuote(text, at);
        separator.lastIndex = closing + 1;
        end = separator.exec(text)?.[0];
        if (closing === -1 || end === undefined) {
          yield { ...row, cells: undefined };
          return;
        }
        const quoted = text.slice(at + 1, closing);
        row.cells.push(quoted.replaceAll('""', '"'));
        row.lastLine += linesOf(quoted) - 1;
      } else {
        plain.lastIndex = at;
        const [cell = ''] = plain.exec(text) ?? [];
        row.cells.push(cell.trim());
        separator.lastIndex = at + cell.length;
        end = separator.exec(text)?.[0];
      }
      at = separator.lastIndex;
    } while (end === ',');
    yield row;
    line = row.lastLine + 1;
  }
}

/** How many lines a text has, whatever system broke them. */
export function linesOf(text: string): number {
  return text.split(/\r\n?|\n/).length;
}

/** -1 where there is none. By hand: an expression would need a stack as deep as the text is long. */
function closingQuote(text: string, opening: number): number {
  let closing = text.indexOf('"', opening + 1);
  while (closing !== -1 && text[closing + 1] === '"') closing = text.indexOf('"', closing + 2);
  return closing;
}
