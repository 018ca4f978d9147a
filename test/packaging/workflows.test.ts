import { readFile } from 'node:fs/promises';
import { expect } from 'chai';

describe('.github/workflows', () => {
  it('give .ci/run the time that its steps may take, so that one that hangs is in its report', async () => {
    const gate = await readFile('.ci/run', 'utf8');
    const limits = [...gate.matchAll(/\btimeout (?:--kill-after=\w+ )?(\d+)m/g)].map(([, minutes]) =>
      Number(minutes),
    );
    const uncut = gate.split('\n').filter((line) => line.startsWith('step ') && !line.includes(' timeout '));
    expect(uncut, 'whose limits are in functions').to.deep.equal([
      'step test run_tests',
      'step newer-nodes test_on_newer_nodes',
    ]);
    const installing = 15;
    const longest = limits.reduce((sum, minutes) => sum + minutes, installing);
    for (const name of ['ci', 'release']) {
      const workflow = await readFile(`.github/workflows/${name}.yaml`, 'utf8');
      const [, minutes] = /^ {4}timeout-minutes: (\d+)$/m.exec(workflow) ?? [];
      expect(Number(minutes), name).to.be.at.least(longest);
    }
  });
});
