import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));
/** They look into a database that may be anybody's, by its catalogue. */
const outside = ['cli', 'http'];

const statement = /\bdatabase\.query\s*(?:<|\()/;
/** `// SQL: locks and leases in one trip.`, or in a docstring `In SQL: …` */
const reason = /\bSQL: \S/;

interface Place {
  at: string;
  isExplained: boolean;
}

/**
 * The statements of a file. Each has its reason in the function where it stands, or in the comment before that; a reason
 * in the docstring of what the file exports holds for all of it.
 */
function placesIn(file: string, text: string): Place[] {
  const lines = text.split('\n');
  const begins = lines.flatMap((line, index) =>
    /^(?:export|async|function|const|class)\b/.test(line) ? [index] : [],
  );
  /** What it stands in, with the comment before that. */
  const partOf = (line: number): string => {
    const begin = begins.findLast((index) => index <= line) ?? 0;
    const end = lines.findIndex((one, index) => index > line && one.startsWith('}'));
    return [...docstringBefore(lines, begin), ...lines.slice(begin, end)].join('\n');
  };
  const isExplained = begins.some(
    (begin) =>
      lines[begin]?.startsWith('export') &&
      docstringBefore(lines, begin).some((line) => /\bIn SQL: \S/.test(line)),
  );
  return lines.flatMap((line, index) =>
    statement.test(line)
      ? [{ at: `${file}:${index + 1}`, isExplained: isExplained || reason.test(partOf(index)) }]
      : [],
  );
}

function docstringBefore(lines: readonly string[], begin: number): string[] {
  if (!lines[begin - 1]?.endsWith('*/')) return [];
  const start = lines.findLastIndex((line, index) => index < begin && line.startsWith('/**'));
  return lines.slice(start, begin);
}

async function statements(): Promise<Place[]> {
  const files = (await readdir(src, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !outside.includes(file.split(sep)[0] as string),
  );
  const texts = await Promise.all(
    files.map(async (file) =>
      placesIn(relative(src, join(src, file)), await readFile(join(src, file), 'utf8')),
    ),
  );
  return texts.flat();
}

describe('SQL of our own', () => {
  it('says in a line why no model says it', async () => {
    const places = await statements();
    expect(places.length, 'statements found').to.be.greaterThan(30);
    expect(places.filter(({ isExplained }) => !isExplained).map(({ at }) => at)).to.deep.equal([]);
  });

  it('is missed by no reader of this test: a reason of the neighbour is none', () => {
    const text = `
/** Reads it. */
export async function read({ database }) {
  return database.query('select');
}

// SQL: locks.
export async function lock({ database }) {
  // SQL: locks.
  return database.query<Row>('select');
}
`;
    expect(placesIn('a.ts', text)).to.deep.equal([
      { at: 'a.ts:4', isExplained: false },
      { at: 'a.ts:10', isExplained: true },
    ]);
  });
});
