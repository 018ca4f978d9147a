import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { referencePath, renderCliReference } from '../../docs/generate-cli.js';

describe('docs/cli.md', () => {
  it('is what the commands and the variables say (npm run docs:cli)', async () => {
    expect(await readFile(referencePath, 'utf8')).to.equal(await renderCliReference());
  });

  it('has two examples at least for every command', async () => {
    const commands = (await renderCliReference()).split(/^## `/m).slice(2);
    for (const section of commands) {
      const name = section.slice(0, section.indexOf('`'));
      const examples = section.split('Examples:')[1] ?? '';
      expect(examples.match(/^ {2}\$ .*fluentmeet/gm) ?? [], name).to.have.length.of.at.least(2);
    }
  });
});
