import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from '../test/support/processes.js';
import type { Bench, Row } from './bench.js';
import { benchInstance, secret } from './instance.js';
import { installedCommand } from './installed.js';
import { inTurns, median, ratios, secondsOf, spread } from './rounds.js';
import { dropDatabase, newDatabase } from './services.js';

const run = promisify(execFile);

/** What no command with a database can do without: the models, their driver, and the checks of what is configured. */
const libraries = ['pg', 'sequelize', 'sequelize-typescript', 'zod', 'bcrypt']
  .map((name) => `await import('${name}');`)
  .join(' ');

export const cliStart: Bench = {
  name: 'cli-start',
  async run({ quick }) {
    const command = await installedCommand();
    const database = await newDatabase();
    const fluentmeet = benchInstance({ database });
    await fluentmeet.migrate();
    await fluentmeet.stop();
    const env = { ...process.env, DATABASE_URL: database };
    // Where the command's libraries are found.
    const cwd = path.resolve(command, '../../../../../..');
    const node =
      (...args: string[]) =>
      async () =>
        1000 * (await secondsOf(() => run(process.execPath, args, { env, cwd })));
    try {
      const contenders = {
        help: node(command, '--help'),
        status: node(command, 'migrate', 'status'),
        users: node(command, 'users', 'list'),
        serve: () => untilServed(command, database),
        bare: node('-e', '0'),
        libraries: node('--input-type=module', '-e', libraries),
      };
      await inTurns(1, contenders);
      const times = await inTurns(quick ? 3 : 31, contenders);
      return [
        row('--help', times.help, times.bare, 1.3),
        row('migrate status', times.status, times.bare, 3),
        row('users list', times.users, times.bare, 3),
        {
          what: 'users list',
          ours: `${spread(times.users, 0)} ms`,
          against: `node that imports its libraries, and does nothing ${spread(times.libraries, 0)} ms`,
          ratio: spread(ratios(times.users, times.libraries)),
          goal: '',
          met: undefined,
        },
        row('node that imports those libraries, and does nothing', times.libraries, times.bare),
        {
          what: 'serve on a migrated database, until its first answer',
          ours: `${spread(times.serve, 0)} ms`,
          against: `node -e 0 ${spread(times.bare, 0)} ms`,
          ratio: spread(ratios(times.serve, times.bare)),
          goal: '< 600 ms',
          met: median(times.serve) < 600,
        },
      ];
    } finally {
      await dropDatabase(database);
    }
  },
};

/** Milliseconds. Its publisher is away from the start, which holds up no answer. */
async function untilServed(command: string, database: string): Promise<number> {
  const [port] = await freePorts(1);
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'serve', '--no-relay', '--port', String(port)], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DATABASE_URL: database,
      FLUENTMEET_SECRET: secret,
      FLUENTMEET_PUBLIC_URL: 'http://localhost:3000',
    },
  });
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      if (answer?.ok) return performance.now() - start;
      if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}`);
      await delay(5);
    }
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

function row(what: string, ours: number[], bare: number[], goal?: number): Row {
  const found = ratios(ours, bare);
  return {
    what,
    ours: `${spread(ours, 0)} ms`,
    against: `node -e 0 ${spread(bare, 0)} ms`,
    ratio: spread(found),
    goal: goal === undefined ? '' : `≤ ${goal}`,
    met: goal === undefined ? undefined : median(found) <= goal,
  };
}
