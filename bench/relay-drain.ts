import { makeBacklog } from './backlog.js';
import type { Bench, Row } from './bench.js';
import { drain } from './drain.js';
import { newerPeerName, startNewerPeer } from './peers.js';
import { grouped, inTurns, median, ratios, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase, newTopic } from './services.js';
import { startWorker, type Worker } from './worker.js';

export const relayDrain: Bench = {
  name: 'relay-drain',
  async run({ quick, say }) {
    const count = quick ? 5_000 : 200_000;
    // A rate, and theirs do not depend on the length of the backlog.
    const peerCount = quick ? 1_000 : 20_000;
    const brokers = await kafkaBrokers();
    const database = await newDatabase();
    const graphileDatabase = await newDatabase();
    const pgBossDatabase = await newDatabase();
    const raw = startWorker('servers/raw-kafkajs.ts');
    const graphile = startNewerPeer('peers/graphile-worker.mjs');
    const pgBoss = startNewerPeer('peers/pg-boss.mjs');
    try {
      await makeBacklog(database, count);
      await raw.call('prepare', { database, count });
      const peer = (worker: Worker, peerDatabase: string) => async (): Promise<number> => {
        const job = { database: peerDatabase, brokers, topic: await newTopic(), count: peerCount };
        await worker.call('fill', job);
        return peerCount / (await worker.call<number>('drain', job));
      };
      const relays = (processes: number) => async (): Promise<number> => {
        await makeBacklog(database, count);
        return count / (await drain(database, brokers, processes, say));
      };
      const rates = await inTurns(quick ? 1 : 3, {
        raw: async () => count / (await raw.call<number>('send', { brokers, topic: await newTopic() })),
        one: relays(1),
        four: relays(4),
        graphile: peer(graphile, graphileDatabase),
        pgBoss: peer(pgBoss, pgBossDatabase),
      });
      const better = median(rates.graphile) > median(rates.pgBoss) ? rates.graphile : rates.pgBoss;
      const graphileName = newerPeerName('graphile-worker');
      const pgBossName = newerPeerName('pg-boss');
      const one = `one relay, ${grouped(count)} emails`;
      return [
        row(one, rates.one, rates.raw, 'kafkajs sendBatch', 0.5),
        row('four relays', rates.four, rates.raw, 'kafkajs sendBatch'),
        row('four relays', rates.four, rates.one, 'one relay'),
        row(one, rates.one, rates.graphile, graphileName, rates.graphile === better ? 5 : undefined),
        row(one, rates.one, rates.pgBoss, pgBossName, rates.pgBoss === better ? 5 : undefined),
        // What stops a relay on kafkajs, which can do no better than kafkajs alone.
        row(
          'kafkajs sendBatch alone',
          rates.raw,
          better,
          better === rates.pgBoss ? pgBossName : graphileName,
        ),
      ];
    } finally {
      await Promise.all([raw, graphile, pgBoss].map((worker) => worker.stop()));
      await Promise.all([database, graphileDatabase, pgBossDatabase].map(dropDatabase));
    }
  },
};

function row(what: string, ours: number[], theirs: number[], name: string, goal?: number): Row {
  const found = ratios(ours, theirs);
  return {
    what,
    ours: `${spread(ours, 0)} emails/s`,
    against: `${name} ${spread(theirs, 0)}`,
    ratio: spread(found),
    goal: goal === undefined ? '' : `≥ ${goal}`,
    met: goal === undefined ? undefined : median(found) >= goal,
  };
}
