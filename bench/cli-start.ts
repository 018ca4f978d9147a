import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bench, Row } from './bench.js';
import { benchInstance } from './instance.js';
import { installedCommand } from './installed.js';
import { inTurns, median, ratios, secondsOf, spread } from './rounds.js';
import { dropDatabase, newDatabase } from './services.js';

const run = promisify(execFile);

export const cliStart: Bench = {
  name: 'cli-start',
  async run({ quick }) {
    const command = await installedCommand();
    const database = await newDatabase();
    const fluentmeet = benchInstance({ database });
    await fluentmeet.migrate();
    await fluentmeet.stop();
    const node =
      (...args: string[]) =>
      async () =>
        1000 *
        (await secondsOf(() =>
          run(process.execPath, args, { env: { ...process.env, DATABASE_URL: database } }),
        ));
    try {
      const contenders = {
        help: node(command, '--help'),
        status: node(command, 'migrate', 'status'),
        bare: node('-e', '0'),
      };
      await inTurns(1, contenders);
      const times = await inTurns(quick ? 3 : 31, contenders);
      return [row('--help', times.help, times.bare, 2.5), row('migrate status', times.status, times.bare)];
    } finally {
      await dropDatabase(database);
    }
  },
};

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
