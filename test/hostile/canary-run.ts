import pg from 'pg';
import { createDatabase } from '../support/postgres.js';
import type { Tally } from './area.js';
import { type Allowed, type Canaries, createCanaries } from './canaries.js';
import { hostSecret } from './hostile-host.js';
import { createFluentMeet } from '../../src/index.js';
import { migrateInTime } from '../support/migrate-in-time.js';

/** A database whose user has a canary for a password, and a notebook of everything that was written. */
export interface CanaryRun {
  canaries: Canaries;
  /** With the canary in it. */
  url: string;
  /** The same host and database, for a user that there is not. */
  wrongUrl: string;
  /** Searches what was written at this place. */
  hear(place: string, text: string, allowed?: Allowed): void;
  check: Tally['check'];
  /** How much was searched. */
  heard(): { texts: number; characters: number };
  query<Row extends object>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function startCanaryRun(tally: Tally): Promise<CanaryRun> {
  const canaries = createCanaries();
  const database = await createDatabase();
  const administrator = new pg.Client({ connectionString: database.url });
  await administrator.connect();
  const role = `canary_${process.pid}_${Date.now()}`;
  await administrator.query(
    `create role ${role} login superuser password ${pg.escapeLiteral(canaries.databasePassword)}`,
  );
  const url = withUser(database.url, role, canaries.databasePassword);
  const migrating = createFluentMeet({
    database: url,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret: hostSecret,
  });
  await migrateInTime(migrating);
  await migrating.stop();

  let texts = 0;
  let characters = 0;
  // The search has to find what there is to find.
  const { password, address, secret } = canaries;
  for (const planted of [password, address, secret, encodeURIComponent(password), JSON.stringify({ url })]) {
    tally.check('the search finds what is planted', canaries.leaksIn(`<${planted}>`).length > 0);
  }
  return {
    canaries,
    url,
    wrongUrl: withUser(database.url, 'nobody_here', canaries.wrongPassword),
    hear(place, text, allowed) {
      texts += 1;
      characters += text.length;
      const leaks = canaries.leaksIn(text, allowed);
      tally.count(place, leaks.length === 0 ? null : `${leaks.join(', ')} in: ${excerpt(text)}`);
    },
    check: tally.check,
    heard: () => ({ texts, characters }),
    query: async <Row extends object>(sql: string) => (await administrator.query(sql)).rows as Row[],
    async stop() {
      await administrator.query(`reassign owned by ${role} to current_user`);
      await administrator.query(`drop owned by ${role}`);
      await administrator.query(`drop role ${role}`);
      await administrator.end();
      await database.drop();
    },
  };
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = encodeURIComponent(password);
  return changed.href;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 600 ? `${text.slice(0, 300)} … ${text.slice(-300)}` : text);
}
