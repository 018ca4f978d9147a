import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { seedUsers } from '../src/seed/seed-users.js';
import type { Bench } from './bench.js';
import { internalsOf } from './built.js';
import { benchInstance } from './instance.js';
import { grouped, inTurns, median, ratios, secondsOf, spread } from './rounds.js';
import { dropDatabase, newDatabase } from './services.js';

const columns =
  'email, hashed_password, full_name, speaking_language, listening_language, is_verified, created_at, updated_at';

/** Against COPY of the very same rows from a file of the server's own, without any client: each into an empty table. */
export const seed: Bench = {
  name: 'seed',
  async run({ quick }) {
    const count = quick ? 10_000 : 100_000;
    const database = await newDatabase();
    const fluentmeet = benchInstance({ database, databaseQueryTimeout: 0 });
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-bench-'));
    await chmod(folder, 0o777);
    const file = path.join(folder, 'rows.copy');
    const empty = async (): Promise<void> => {
      await client.query('truncate users cascade');
      await client.query('checkpoint');
    };
    const seedAll = async (): Promise<number> => {
      await empty();
      return secondsOf(() => seedUsers(internalsOf(fluentmeet), { count, password: 'the same for all' }));
    };
    try {
      await fluentmeet.migrate();
      await seedAll();
      await client.query(`copy users (${columns}) to '${file}'`);
      const times = await inTurns(quick ? 2 : 7, {
        ours: seedAll,
        copy: async () => {
          await empty();
          return secondsOf(() => client.query(`copy users (${columns}) from '${file}'`));
        },
      });
      const found = ratios(times.ours, times.copy);
      return [
        {
          what: `${grouped(count)} users, with one bcrypt hash of cost 12 among them`,
          ours: `${spread(times.ours)} s`,
          against: `COPY ${spread(times.copy)} s`,
          ratio: spread(found),
          goal: '≤ 2',
          met: median(found) <= 2,
        },
      ];
    } finally {
      await client.end();
      await fluentmeet.stop();
      await dropDatabase(database);
      await rm(folder, { recursive: true });
    }
  },
};
