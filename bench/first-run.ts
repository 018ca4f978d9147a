import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../test/support/processes.js';
import type { Bench, Row } from './bench.js';
import { installedCommand } from './installed.js';
import { median, spread } from './rounds.js';

/** Of the installed package: `fluentmeet dev` until it has answered the first 201. */
export const firstRun: Bench = {
  name: 'first-run',
  async run({ quick }) {
    const command = await installedCommand();
    const cold: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-bench-'));
      cold.push(await untilFirstSignup(command, folder, round));
      warm.push(await untilFirstSignup(command, folder, round + 100));
      await rm(folder, { recursive: true });
    }
    return [
      row('cold: an empty data folder, PostgreSQL makes its cluster', cold, 8),
      row('warm: the same folder again', warm, 3),
    ];
  },
};

async function untilFirstSignup(command: string, cwd: string, user: number): Promise<number> {
  const [port] = await freePorts(1);
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'dev', '--port', String(port)], { cwd, stdio: 'ignore' });
  const body = JSON.stringify({ email: `user${user}@example.com`, password: 'MyStr0ngP@ss!' });
  try {
    for (;;) {
      const headers = { 'Content-Type': 'application/json' };
      const url = `http://127.0.0.1:${port}/api/v1/auth/signup`;
      const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
      if (answer?.status === 201) return (performance.now() - start) / 1000;
      if (performance.now() - start > 60_000 || child.exitCode !== null)
        throw new Error(`no 201: ${answer?.status}`);
      await delay(20);
    }
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

function row(what: string, seconds: number[], goal: number): Row {
  return {
    what,
    ours: `${spread(seconds)} s`,
    against: '',
    ratio: '',
    goal: `< ${goal} s`,
    met: median(seconds) < goal,
  };
}
