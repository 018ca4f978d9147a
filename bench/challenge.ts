import { chromium } from 'playwright-core';
import { solverScript } from '../src/http/pages/solver-script.js';
import { chromiumPath } from '../test/support/chromium.js';
import type { Attack } from './attacker.js';
import type { Bench, BenchSettings, Row } from './bench.js';
import { inTurns, median, percentile, ratios, spread } from './rounds.js';
import { dropDatabase, newDatabase } from './services.js';
import { startWorker, type Worker } from './worker.js';

/** Only the processor's time is measured: on a busy machine a slow answer is no outage. */
const databaseQueryTimeout = '20s';

/** The default. */
const difficulty = 500;

/** What ALTCHA's proof of work costs whom: an attacker, the server, a browser. Processor time, for others may share the core. */
export const challengeBench: Bench = {
  name: 'challenge',
  async run(settings) {
    const attacker = startWorker('attacker.ts');
    const databases = [await newDatabase(), await newDatabase()] as const;
    const open = await startServer(databases[0], {});
    const guarded = await startServer(databases[1], { challenge: { altcha: { difficulty } } });
    try {
      let runs = 0;
      const attack = (server: Server, signups: number) => async () => {
        const before = await server.worker.call<number>('cpu');
        const request: Attack = {
          port: server.port,
          signups,
          solves: server === guarded,
          prefix: `a${runs++}`,
        };
        const rate = await attacker.call<number>('run', request);
        server.cpu.push((((await server.worker.call<number>('cpu')) - before) / signups) * 1000);
        return rate;
      };
      const contenders = {
        open: attack(open, settings.quick ? 50 : 500),
        guarded: attack(guarded, settings.quick ? 2 : 20),
      };
      await attack(open, 50)();
      await attack(guarded, 2)();
      for (const { cpu } of [open, guarded]) cpu.length = 0;
      const rates = await inTurns(settings.quick ? 1 : 5, contenders);
      return [
        {
          what: `signups that one core pays for, difficulty ${difficulty}`,
          ours: `${spread(rates.guarded)} signups/s`,
          against: `without a challenge ${spread(rates.open, 0)}`,
          ratio: median(ratios(rates.guarded, rates.open)).toFixed(4),
          goal: '< 0.01',
          met: median(ratios(rates.guarded, rates.open)) < 0.01,
        },
        {
          what: 'processor time of the server a signup, bcrypt cost 4',
          ours: `${spread(guarded.cpu)} ms`,
          against: `without a challenge ${spread(open.cpu)} ms`,
          ratio: spread(ratios(guarded.cpu, open.cpu)),
          goal: '',
          met: undefined,
        },
        ...(await inBrowser(guarded, settings)),
      ];
    } finally {
      for (const { worker } of [open, guarded]) await worker.call('stop');
      await Promise.all([attacker, open.worker, guarded.worker].map((one) => one.stop()));
      await Promise.all(databases.map(dropDatabase));
    }
  },
};

interface Server {
  worker: Worker;
  port: number;
  /** Milliseconds a signup, round by round. */
  cpu: number[];
}

async function startServer(database: string, options: object): Promise<Server> {
  const worker = startWorker('servers/fluentmeet.ts');
  return {
    worker,
    port: await worker.call('start', { database, bcryptCost: 4, databaseQueryTimeout, ...options }),
    cpu: [],
  };
}

/** How long the page's own worker takes, by the clock: what a person would wait for, who does not. */
async function inBrowser({ port }: Server, { quick, say }: BenchSettings): Promise<Row[]> {
  if (chromiumPath === undefined) {
    say('no Chromium: set CHROMIUM_PATH for the row of the browser');
    return [];
  }
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/healthz`);
    const seconds: number[] = [];
    const count = quick ? 3 : 40;
    while (seconds.length < count) seconds.push(await page.evaluate<number>(solveOnce));
    return [
      {
        what: `Chromium solves one, ${count} times`,
        ours: `p50 ${percentile(seconds, 0.5).toFixed(2)} s, p95 ${percentile(seconds, 0.95).toFixed(2)} s`,
        against: '',
        ratio: '',
        goal: '',
        met: undefined,
      },
    ];
  } finally {
    await browser.close();
  }
}

const solveOnce = `(async () => {
  const challenge = await (await fetch('/signup/challenge')).json();
  const url = URL.createObjectURL(new Blob([${JSON.stringify(solverScript)}]));
  const worker = new Worker(url);
  const start = performance.now();
  await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data ? resolve() : reject(new Error('not solved')));
    worker.postMessage(challenge.parameters);
  });
  worker.terminate();
  return (performance.now() - start) / 1000;
})()`;
