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

  it('has --json for every command with a result', async () => {
    const commands = (await renderCliReference()).split(/^## `/m).slice(2);
    const without = commands
      .filter((section) => !/^ +--json /m.test(section))
      .map((section) => section.slice(0, section.indexOf('`')));
    // What runs until it is stopped, and a script for a shell.
    expect(without).to.have.members([
      'fluentmeet dev',
      'fluentmeet serve',
      'fluentmeet relay',
      'fluentmeet completion',
    ]);
  });
});
