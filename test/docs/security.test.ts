import { readFile } from 'node:fs/promises';
import { expect } from 'chai';

/** How many requirements ASVS 5.0.0 has in each section of the chapters that we answer whole. */
const requirements = {
  ...{ '2.1': 3, '2.2': 3, '2.3': 5, '2.4': 2 },
  ...{ '6.1': 3, '6.2': 12, '6.3': 8, '6.4': 6 },
  ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 4 },
};

describe('docs/security.md', () => {
  let rows: { sentence: string; state: string }[];
  before(async () => {
    const lines = (await readFile('docs/security.md', 'utf8')).split('\n');
    rows = lines
      .filter((line) => /^\| (?:ASVS|NIST) /.test(line))
      .map((line) => {
        const [, sentence = '', state = ''] = line.split('|').map((cell) => cell.trim());
        return { sentence, state };
      });
  });

  it('answers every sentence of the chapters on logic, log-in and logging, each once', () => {
    const answered = rows.flatMap(({ sentence }) => sentence.match(/\b\d+\.\d+\.\d+\b(?!\.)/g) ?? []);
    const expected = Object.entries(requirements).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    );
    const ofThese = answered.filter((number) => /^(?:2|6|16)\./.test(number));
    expect(ofThese).to.have.members(expected);
  });

  it('names a test for all that it says to hold', () => {
    const untested = rows.filter(({ state }) => state.startsWith('holds') && !state.includes('`test/'));
    expect(untested.map(({ sentence }) => sentence)).to.deep.equal([]);
    expect(rows.length).to.be.greaterThan(50);
  });
});
