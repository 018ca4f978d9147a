import type { Bench, BenchSettings, Row } from './bench.js';
import type { LoadResult } from './load.js';
import { peerName } from './peers.js';
import { inTurns, median, ratios, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic } from './services.js';
import { startWorker, type Worker } from './worker.js';

/** Cost 4, so that everything but the hash shows. */
const bcryptCost = 4;

/**
 * A gate of as many as there are cores is for hashes of a quarter of a second. Of one millisecond they end sooner than
 * the event loop comes round to admit the next, and waking a thread that fell asleep takes a third of a hash. The
 * hand-written floor has no gate at all.
 */
const hashConcurrency = 16;
const gate = `hashConcurrency ${hashConcurrency}`;

export const signupOverhead: Bench = {
  name: 'signup-overhead',
  async run(settings) {
    const load = startWorker('load.ts');
    const databases = await Promise.all(Array.from({ length: 5 }, newDatabase));
    const kafka = { brokers: await kafkaBrokers() };
    const ours = await contender('servers/fluentmeet.ts', databases[0], {
      hashConcurrency,
      kafka,
      emailTopic: await newTopic(),
    });
    const relayApart = await contender('servers/fluentmeet.ts', databases[1], { hashConcurrency });
    const floor = await contender('servers/hand-written.ts', databases[2]);
    const promises = await contender('servers/hand-written.ts', databases[3], { promises: true });
    const betterAuth = await contender('peers/better-auth.mjs', databases[4]);
    try {
      const rows: Row[] = [];
      for (const connections of settings.quick ? [10] : [10, 50]) {
        const measure = (one: Contender, path: string, body: 'fluentmeet' | 'better-auth') => {
          let turn = 0;
          return async (): Promise<number> => {
            const request = { port: one.port, path, body, connections };
            const before = await one.worker.call<number>('cpu');
            const result = await load.call<LoadResult>('run', {
              ...request,
              seconds: settings.quick ? 0.5 : turn === 0 ? 3 : 5,
              prefix: `u${connections}-${turn++}`,
            });
            requireSuccess(result);
            const cpu = ((await one.worker.call<number>('cpu')) - before) / result.answered;
            if (turn > 1) one.cpu.push(cpu * 1000);
            if (one === ours) await untilPublished(one.worker);
            return result.rate;
          };
        };
        const contenders = {
          ours: measure(ours, '/signup', 'fluentmeet'),
          relayApart: measure(relayApart, '/signup', 'fluentmeet'),
          floor: measure(floor, '/signup', 'fluentmeet'),
          promises: measure(promises, '/signup', 'fluentmeet'),
          betterAuth: measure(betterAuth, '/api/auth/sign-up/email', 'better-auth'),
        };
        await inTurns(1, contenders);
        const rates = await inTurns(settings.quick ? 1 : 5, contenders);
        sayCpu(settings, connections, { ours, relayApart, floor, promises, betterAuth });
        rows.push(
          row(
            `${connections} connections, ${gate}, relay publishing in the process`,
            rates.ours,
            rates.floor,
            'hand-written',
            0.75,
          ),
          row(
            `${connections} connections, ${gate}, relay elsewhere`,
            rates.relayApart,
            rates.floor,
            'hand-written',
          ),
          // What the module itself costs beside what it promises.
          row(
            `${connections} connections, ${gate}, relay elsewhere`,
            rates.relayApart,
            rates.promises,
            'hand-written, with limiter, validation, look-up, mailbox count and log',
          ),
          row(
            `${connections} connections, ${gate}, relay publishing in the process`,
            rates.ours,
            rates.betterAuth,
            peerName('better-auth'),
            2.5,
          ),
        );
      }
      const [mine, theirs] = [await residentMegabytes(ours), await residentMegabytes(betterAuth)];
      rows.push({
        what: 'RSS after these, relay publishing in the process',
        ours: `${mine.toFixed(0)} MB`,
        against: `${peerName('better-auth')} ${theirs.toFixed(0)} MB`,
        ratio: (mine / theirs).toFixed(2),
        ...{ goal: '', met: undefined },
      });
      return rows;
    } finally {
      await ours.worker.call('stop');
      await Promise.all(
        [load, ...[ours, relayApart, floor, promises, betterAuth].map(({ worker }) => worker)].map((one) =>
          one.stop(),
        ),
      );
      await Promise.all(databases.map(dropDatabase));
    }
  },
};

interface Contender {
  worker: Worker;
  port: number;
  /** Milliseconds of its own processor time a signup, round by round. */
  cpu: number[];
}

async function contender(
  file: string,
  database: string | undefined,
  options: object = {},
): Promise<Contender> {
  const worker = startWorker(file);
  return { worker, port: await worker.call('start', { database, bcryptCost, ...options }), cpu: [] };
}

async function residentMegabytes({ worker }: Contender): Promise<number> {
  return (await worker.call<{ rss: number }>('memory')).rss / 2 ** 20;
}

function requireSuccess({ byStatus }: LoadResult): void {
  const others = Object.keys(byStatus).filter((status) => status !== '200' && status !== '201');
  if (others.length > 0) throw new Error(`answered ${JSON.stringify(byStatus)}`);
}

/** So that the next contender does not pay for what this one left to do. */
async function untilPublished(worker: Worker): Promise<void> {
  const start = performance.now();
  while ((await worker.call<number>('pending')) > 0) {
    if (performance.now() - start > 5000) throw new Error('the relay does not keep up');
  }
}

function sayCpu({ say }: BenchSettings, connections: number, contenders: Record<string, Contender>): void {
  for (const [name, one] of Object.entries(contenders)) {
    say(`${name}, ${connections} connections: ${median(one.cpu).toFixed(2)} ms of processor a signup`);
    one.cpu.length = 0;
  }
}

function row(what: string, ours: number[], theirs: number[], name: string, goal?: number): Row {
  const found = ratios(ours, theirs);
  return {
    what,
    ours: `${spread(ours, 0)} signups/s`,
    against: `${name} ${spread(theirs, 0)}`,
    ratio: spread(found),
    goal: goal === undefined ? '' : `≥ ${goal}`,
    met: goal === undefined ? undefined : median(found) >= goal,
  };
}
