import pg from 'pg';
import { makeBacklog } from './backlog.js';
import type { Bench } from './bench.js';
import { drain } from './drain.js';
import { grouped, inTurns, median, ratios, spread } from './rounds.js';
import { dropDatabase, kafkaBrokers, newDatabase } from './services.js';

/**
 * A report or a backup that runs for hours: as long as its snapshot is held, no version of a row that a drain leaves
 * behind can be cleaned up, neither by autovacuum nor on the way, and each claim reads past them.
 */
export const longTransaction: Bench = {
  name: 'long-transaction',
  async run({ quick, say }) {
    const count = quick ? 5_000 : 200_000;
    const brokers = await kafkaBrokers();
    const database = await newDatabase();
    const drainAnew = async (): Promise<number> => {
      await makeBacklog(database, count);
      return drain(database, brokers, 1, say);
    };
    const drainBeside = async (): Promise<number> => {
      await makeBacklog(database, count);
      const release = await holdSnapshot(database);
      try {
        return await drain(database, brokers, 1, say);
      } finally {
        await release();
      }
    };
    try {
      const seconds = await inTurns(quick ? 1 : 4, { alone: drainAnew, beside: drainBeside });
      const found = ratios(seconds.beside, seconds.alone);
      return [
        {
          what: `one relay, ${grouped(count)} emails, beside a transaction that has held its snapshot since before`,
          ours: `${spread(seconds.beside, 1)} s`,
          against: `without it ${spread(seconds.alone, 1)} s`,
          ratio: spread(found),
          goal: '≤ 1.6',
          met: median(found) <= 1.6,
        },
      ];
    } finally {
      await dropDatabase(database);
    }
  },
};

async function holdSnapshot(database: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query('begin isolation level repeatable read');
  await client.query('select 1 from users limit 1');
  return async () => {
    // To its eyes nothing has happened yet.
    const { rows } = await client.query("select from email_outbox where status <> 'pending' limit 1");
    await client.end();
    if (rows.length > 0) throw new Error('the snapshot was not held');
  };
}
