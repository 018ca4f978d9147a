import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { errorStatus } from '../../src/error-status.js';
import * as index from '../../src/index.js';

/** What is 500 is no client's business, but for the one code that says so; the code of a refusal is the host's. */
const internal = Object.entries(errorStatus)
  .filter(([code, status]) => status === 500 && code !== 'INTERNAL_SERVER_ERROR')
  .map(([code]) => code)
  .concat('SIGNUP_REFUSED');

/** The cells of each row of a page's tables. */
async function rowsOf(page: string): Promise<string[][]> {
  const lines = (await readFile(page, 'utf8')).split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell = '') => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);

describe('the codes of errors', () => {
  it('of the routes stand in http.md, each with its status', async () => {
    const rows = (await rowsOf('docs/http.md')).filter(([status]) => /^\d{3}$/.test(status ?? ''));
    const documented = rows.flatMap(([status, codes]) => codesIn(codes).map((code) => `${code} ${status}`));
    const expected = Object.entries(errorStatus)
      .filter(([code]) => !internal.includes(code))
      .map(([code, status]) => `${code} ${status}`);
    expect(documented).to.have.members(expected);
  });

  it('of the functions alone stand in embedding.md, each with a class that is exported', async () => {
    const rows = (await rowsOf('docs/embedding.md')).filter(([, name]) => /^`\w+Error`$/.test(name ?? ''));
    expect(rows.flatMap(([code]) => codesIn(code))).to.have.members(internal);
    for (const [, name = ''] of rows) expect(index).to.have.property(name.replaceAll('`', ''));
  });
});
