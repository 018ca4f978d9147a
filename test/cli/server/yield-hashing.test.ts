import { expect } from 'chai';
import { execFile } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { skipFor } from '../../support/skip.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** In a process of its own: what has yielded cannot take its place again. */
const script = `
  import { readdirSync } from 'node:fs';
  import os from 'node:os';
  import { yieldHashing } from './src/cli/server/yield-hashing.ts';
  await yieldHashing();
  const threads = readdirSync('/proc/self/task').map(Number);
  console.log(JSON.stringify(threads.map((id) => [id === process.pid, os.getPriority(id)])));
`;

describe('yieldHashing', () => {
  it('lets the main thread go before all others, among them the four of libuv', async function () {
    if (process.platform !== 'linux') skipFor(this, 'only Linux has a priority for each thread');
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    const threads = JSON.parse(stdout) as [isMain: boolean, niceness: number][];
    const own = os.getPriority();
    expect(threads.filter(([isMain]) => isMain)).to.deep.equal([[true, own]]);
    const others = threads.filter(([isMain]) => !isMain);
    expect(others.length).to.be.at.least(4);
    expect(new Set(others.map(([, niceness]) => niceness))).to.deep.equal(new Set([Math.max(own, 10)]));
  });
});
