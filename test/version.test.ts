import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { version } from '../src/version.js';

describe('version', () => {
  it('is that of package.json', async () => {
    expect((JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version).to.equal(
      version,
    );
  });
});
