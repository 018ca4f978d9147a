import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { LoadResult } from './load.js';
import { grouped, inTurns, median, percentile, ratios, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic } from './services.js';
import { startWorker } from './worker.js';

const connections = 64;

export const signupReal: Bench = {
  name: 'signup-real',
  async run({ quick, say }) {
    const seconds = quick ? 5 : 20;
    const database = await newDatabase();
    const [load, probe, bare, server] = [
      'load.ts',
      'load.ts',
      'servers/bare-bcrypt.ts',
      'servers/fluentmeet.ts',
    ].map((file) => startWorker(file)) as [Worker, Worker, Worker, Worker];
    const port = await server.call<number>('start', {
      database,
      bcryptCost: 12,
      kafka: { brokers: await kafkaBrokers() },
      emailTopic: await newTopic(),
    });
    const health: number[] = [];
    const connects: number[] = [];
    const statuses: Record<string, number> = {};
    let turn = 0;
    try {
      const signups = async (): Promise<number> => {
        const measuring = probe.call<LoadResult>('run', {
          ...{ port, path: '/healthz', body: 'none', prefix: '', connections: 4, seconds, rate: 50 },
        });
        const loading = load.call<LoadResult>('run', {
          ...{ port, path: '/signup', body: 'fluentmeet', connections, seconds, prefix: `u${turn++}` },
        });
        for (let second = 1; second < seconds; second++) {
          await delay(1000);
          connects.push(await server.call<number>('connect'));
        }
        const [answers, healthz] = await Promise.all([loading, measuring]);
        for (const [status, times] of Object.entries(answers.byStatus))
          statuses[status] = (statuses[status] ?? 0) + times;
        health.push(healthz.p99);
        say(
          `p99 of a signup ${grouped(answers.p99)} ms, of /healthz ${healthz.p99.toFixed(1)} ms, most ${healthz.most.toFixed(1)}`,
        );
        return answers.rate;
      };
      const rates = await inTurns(quick ? 1 : 4, {
        ours: signups,
        bare: () => bare.call<number>('run', { cost: 12, concurrency: availableParallelism(), seconds }),
      });
      const found = ratios(rates.ours, rates.bare);
      const answered = Object.keys(statuses).every((status) => status === '201');
      const connect = percentile(connects, 0.99);
      return [
        {
          what: `cost 12, ${connections} connections, ${availableParallelism()} cores`,
          ours: `${spread(rates.ours)} signups/s`,
          against: `bcrypt.hash ${spread(rates.bare)}`,
          ratio: spread(found),
          goal: '≥ 0.97',
          met: median(found) >= 0.97,
        },
        {
          what: 'answers',
          ours: Object.entries(statuses)
            .map(([status, times]) => `${grouped(times)} × ${status}`)
            .join(', '),
          against: '',
          ratio: '',
          goal: 'every request 201',
          met: answered,
        },
        {
          what: '/healthz meanwhile, p99 of each round',
          ours: `${spread(health, 1)} ms`,
          against: '',
          ratio: '',
          goal: '< 20 ms',
          met: median(health) < 20,
        },
        {
          what: `a new database connection meanwhile, by host name, ${connects.length} times`,
          ours: `p50 ${median(connects).toFixed(0)} ms, p99 ${connect.toFixed(0)} ms`,
          against: '',
          ratio: '',
          goal: '< 50 ms',
          met: connect < 50,
        },
      ];
    } finally {
      await server.call('stop');
      await Promise.all([load, probe, bare, server].map((worker) => worker.stop()));
      await dropDatabase(database);
    }
  },
};

type Worker = ReturnType<typeof startWorker>;
