import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { LoadResult } from './load.js';
import { grouped } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic } from './services.js';
import { startWorker } from './worker.js';

export const memory: Bench = {
  name: 'memory',
  async run({ quick, say }) {
    const total = quick ? 1_500 : 300_000;
    const step = quick ? 500 : 10_000;
    const database = await newDatabase();
    const load = startWorker('load.ts');
    const server = startWorker('servers/fluentmeet.ts', { nodeOptions: ['--expose-gc'] });
    const megabytes: number[] = [];
    try {
      const port = await server.call<number>('start', {
        ...{ database, bcryptCost: 4 },
        ...{ kafka: { brokers: await kafkaBrokers() }, emailTopic: await newTopic() },
      });
      for (let done = 0; done < total; done += step) {
        const { byStatus } = await load.call<LoadResult>('run', {
          ...{ port, path: '/signup', body: 'fluentmeet', connections: 20 },
          ...{ requests: step, seconds: 3600, prefix: `u${done}` },
        });
        if (Object.keys(byStatus).join() !== '201') throw new Error(`answered ${JSON.stringify(byStatus)}`);
        while ((await server.call<number>('pending')) > 0) await delay(50);
        const { rss, heapUsed } = await server.call<{ rss: number; heapUsed: number }>('memory');
        megabytes.push(rss / 2 ** 20);
        say(
          `${grouped(done + step)}: RSS ${(rss / 2 ** 20).toFixed(0)} MB, heap ${(heapUsed / 2 ** 20).toFixed(0)} MB`,
        );
      }
      const first = megabytes[0] as number;
      // Of the last tenth: what the collector gives back to the system moves a single reading by some megabytes.
      const last = Math.max(...megabytes.slice(-Math.max(1, Math.floor(megabytes.length / 10))));
      return [
        {
          what: `RSS after ${grouped(total)} signups and ${grouped(total)} relayed emails, garbage collected`,
          ours: `${last.toFixed(0)} MB (at most ${Math.max(...megabytes).toFixed(0)} on the way)`,
          against: `after ${grouped(step)}: ${first.toFixed(0)} MB`,
          ratio: (last / first).toFixed(2),
          goal: 'flat: ≤ 1.1',
          met: last / first <= 1.1,
        },
      ];
    } finally {
      await server.call('stop');
      await Promise.all([load, server].map((worker) => worker.stop()));
      await dropDatabase(database);
    }
  },
};
