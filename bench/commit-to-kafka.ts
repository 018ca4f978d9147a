import { setTimeout as delay } from 'node:timers/promises';
import { consumeAll } from '../test/support/kafka.js';
import type { Bench, Row } from './bench.js';
import type { LoadResult } from './load.js';
import { newerPeerName, startNewerPeer } from './peers.js';
import { grouped, median, percentile, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic, query } from './services.js';
import { startWorker } from './worker.js';

/** The goal is for the last; the first tells of a machine that cannot reach it. */
const rates = [50, 200];

/**
 * From PostgreSQL's commit timestamp to the time at which Kafka appended the message: nobody's clock but the machine's.
 * PostgreSQL takes its before the commit is on the disk, so that the wait for the disk counts against us; Kafka cuts
 * its to the millisecond, so that one is added.
 */
export const commitToKafka: Bench = {
  name: 'commit-to-kafka',
  async run({ quick, say }) {
    const rows: Row[] = [];
    for (const perSecond of rates) {
      rows.push(...(await measure(perSecond, quick ? 1 : 5, quick ? 2 : 20, say)));
    }
    for (const peer of ['graphile-worker', 'pg-boss']) rows.push(await measurePeer(peer, quick ? 2 : 20));
    return rows;
  },
};

async function measure(
  perSecond: number,
  rounds: number,
  seconds: number,
  say: (line: string) => void,
): Promise<Row[]> {
  const brokers = await kafkaBrokers();
  const database = await newDatabase();
  const emailTopic = await newTopic([{ name: 'message.timestamp.type', value: 'LogAppendTime' }]);
  const load = startWorker('load.ts');
  const server = startWorker('servers/fluentmeet.ts');
  try {
    const port = await server.call<number>('start', {
      database,
      bcryptCost: 4,
      kafka: { brokers },
      emailTopic,
    });
    const signUps = (prefix: string, length: number): Promise<LoadResult> =>
      load.call('run', {
        ...{ port, path: '/signup', body: 'fluentmeet', connections: 20, prefix },
        ...{ seconds: length, rate: perSecond },
      });
    await signUps('warm', Math.min(5, seconds));
    let asked = 0;
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const { answered, byStatus, p99 } = await signUps(`round${round}`, seconds);
      asked += answered;
      refused += answered - (byStatus['201'] ?? 0);
      say(`${perSecond}/s: ${JSON.stringify(byStatus)}, p99 of the answer ${p99.toFixed(0)} ms`);
      await delay(1000);
    }
    if (refused > 0) return [tooMuch(perSecond, refused, asked)];
    const latencies = await latenciesOf(database, brokers, emailTopic);
    const byRound = Array.from({ length: rounds }, (_, round) => latencies.get(`round${round}`) ?? []);
    const of = (share: number): number[] => byRound.map((round) => percentile(round, share));
    const what = `at ${perSecond} signups/s, ${grouped(asked)} of them, relay in the process`;
    const isGoal = perSecond === rates.at(-1);
    return [
      row(`p50 ${what}`, of(0.5), isGoal ? 10 : undefined),
      row(`p99 ${what}`, of(0.99), isGoal ? 50 : undefined),
    ];
  } finally {
    await server.call('stop');
    await Promise.all([load, server].map((worker) => worker.stop()));
    await dropDatabase(database);
  }
}

/** A queue of jobs beside it, which a worker publishes: it inserts the job alone, no user, link or count. */
async function measurePeer(name: string, seconds: number): Promise<Row> {
  const perSecond = rates[0] as number;
  const brokers = await kafkaBrokers();
  const database = await newDatabase();
  const topic = await newTopic([{ name: 'message.timestamp.type', value: 'LogAppendTime' }]);
  const peer = startNewerPeer(`peers/${name}.mjs`);
  try {
    const job = { database, brokers, topic, perSecond, seconds };
    const { committed, rss } = await peer.call<{ committed: [key: string, at: number][]; rss: number }>(
      'latency',
      job,
    );
    const appended = await consumeAll(brokers, topic, {
      until: (messages) => messages.length >= committed.length,
      timeoutMs: 60_000,
    });
    const appendedAt = new Map(appended.map(({ key, timestamp }) => [key, Number(timestamp) + 1]));
    const latencies = committed.map(([key, at]) => (appendedAt.get(key) as number) - at);
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    return {
      what: `a job at ${perSecond}/s, ${grouped(committed.length)} of them: ${newerPeerName(name)}`,
      ours: '',
      against: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; RSS ${(rss / 2 ** 20).toFixed(0)} MB`,
      ...{ ratio: '', goal: '', met: undefined },
    };
  } finally {
    await peer.stop();
    await dropDatabase(database);
  }
}

/** Milliseconds of each signup, by the prefix of its address. */
async function latenciesOf(
  database: string,
  brokers: string[],
  topic: string,
): Promise<Map<string, number[]>> {
  const committed = await query<{ id: string; prefix: string; at: number }>(
    database,
    `select id, split_part(email, '.', 1) as prefix,
       extract(epoch from pg_xact_commit_timestamp(xmin))::double precision * 1000 as at from users`,
  );
  const appended = await consumeAll(brokers, topic, {
    until: (messages) => messages.length >= committed.length,
    timeoutMs: 60_000,
  });
  const appendedAt = new Map(appended.map(({ key, timestamp }) => [key, Number(timestamp) + 1]));
  const latencies = new Map<string, number[]>();
  for (const { id, prefix, at } of committed) {
    const latency = (appendedAt.get(id) as number) - at;
    latencies.set(prefix, [...(latencies.get(prefix) ?? []), latency]);
  }
  return latencies;
}

function row(what: string, milliseconds: number[], goal: number | undefined): Row {
  return {
    what,
    ours: `${spread(milliseconds, 1)} ms`,
    against: '',
    ratio: '',
    goal: goal === undefined ? '' : `< ${goal} ms`,
    met: goal === undefined ? undefined : median(milliseconds) < goal,
  };
}

function tooMuch(perSecond: number, refused: number, asked: number): Row {
  return {
    what: `at ${perSecond} signups/s`,
    ours: `not measured: the machine was too busy, ${grouped(refused)} of ${grouped(asked)} answered 503`,
    ...{ against: '', ratio: '', goal: '< 10 ms, < 50 ms', met: false },
  };
}
