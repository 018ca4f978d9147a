import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { hashQueuePerThread } from '../../src/passwords/hash-queue.js';

describe('docs/scaling.md', () => {
  let page: string;
  before(async () => (page = await readFile('docs/scaling.md', 'utf8')));

  it('leads each figure to a bench that the table of results has', async () => {
    const results = await readFile('bench/results.md', 'utf8');
    const benches = new Set([...results.matchAll(/^\| ([a-z-]+) +\|/gm)].map(([, name]) => name));
    const named = [...page.matchAll(/\(`([a-z]+(?:-[a-z]+)*)`/g)].map(([, name]) => name);
    expect(named).to.have.length.of.at.least(7);
    expect(named.filter((name) => !benches.has(name))).to.deep.equal([]);
  });

  it('says how many passwords wait in line, at which cost', () => {
    const [, at12, at11, at10, most, at13] =
      /(\d+) for each of these at cost 12 \((\d+) at 11, (\d+) at 10, (\d+) at most; (\d+) at 13\)/.exec(
        page,
      ) ?? [];
    const said = [at13, at12, at11, at10, most].map(Number);
    expect(said).to.deep.equal([13, 12, 11, 10, 4].map(hashQueuePerThread));
  });
});
