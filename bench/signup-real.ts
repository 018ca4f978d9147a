import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { LoadResult } from './load.js';
import { grouped, inTurns, median, percentile, ratios, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic } from './services.js';
import { startWorker } from './worker.js';

export const signupReal: Bench = {
  name: 'signup-real',
  async run({ quick, say }) {
    const seconds = quick ? 3 : 20;
    const connections = quick ? 8 : 64;
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
      likeServe: true,
      kafka: { brokers: await kafkaBrokers() },
      emailTopic: await newTopic(),
    });
    const ours: Probes = { health: [], connects: [] };
    const floor: Probes = { health: [], connects: [] };
    const statuses: Record<string, number> = {};
    let turn = 0;
    /** The probes take of the processor as well, so they run beside the floor, too: there the server is idle. */
    const probing = async <Result>({ health, connects }: Probes, work: Promise<Result>): Promise<Result> => {
      const measuring = probe.call<LoadResult>('run', {
        ...{ port, path: '/healthz', body: 'none', prefix: '', connections: 4, seconds, rate: 50 },
      });
      for (let second = 0.5; second < seconds; second += 0.5) {
        await delay(500);
        connects.push(await server.call<number>('connect'));
      }
      const [result, healthz] = await Promise.all([work, measuring]);
      health.push(healthz.p99);
      say(`/healthz p99 ${healthz.p99.toFixed(1)} ms, most ${healthz.most.toFixed(1)}`);
      return result;
    };
    try {
      const signUps = async (): Promise<number> => {
        const answers = await probing(
          ours,
          load.call<LoadResult>('run', {
            ...{ port, path: '/signup', body: 'fluentmeet', connections, seconds, prefix: `u${turn++}` },
          }),
        );
        for (const [status, times] of Object.entries(answers.byStatus))
          statuses[status] = (statuses[status] ?? 0) + times;
        say(`p99 of a signup ${grouped(answers.p99)} ms`);
        return answers.rate;
      };
      const cores = availableParallelism();
      const rates = await inTurns(quick ? 1 : 4, {
        ours: signUps,
        bare: () => probing(floor, bare.call<number>('run', { cost: 12, concurrency: cores, seconds })),
      });
      const found = ratios(rates.ours, rates.bare);
      const connect = percentile(ours.connects, 0.99);
      return [
        {
          what: `cost 12, ${connections} connections, ${cores} cores`,
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
          met: Object.keys(statuses).every((status) => status === '201'),
        },
        {
          what: '/healthz meanwhile, p99 of each round',
          ours: `${spread(ours.health, 1)} ms`,
          against: `idle, beside bcrypt.hash ${spread(floor.health, 1)} ms`,
          ratio: '',
          goal: '< 20 ms',
          met: median(ours.health) < 20,
        },
        {
          what: `a new database connection meanwhile, by host name, ${ours.connects.length} times`,
          ours: `p50 ${median(ours.connects).toFixed(0)} ms, p99 ${connect.toFixed(0)} ms`,
          against: `idle, beside bcrypt.hash p50 ${median(floor.connects).toFixed(0)} ms, p99 ${percentile(floor.connects, 0.99).toFixed(0)} ms`,
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

/** Milliseconds. */
interface Probes {
  /** p99 of each round. */
  health: number[];
  connects: number[];
}
