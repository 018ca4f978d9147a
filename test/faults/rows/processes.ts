import { setTimeout as delay } from 'node:timers/promises';

import { type Child, startChild } from '../child-process.js';
import { connectHarness } from '../connect.js';
import type { Row } from '../row.js';
import { until } from '../services.js';
import { signupUrl, type Stage } from '../stage.js';
import { prepare } from './prepare.js';

/** What a deployment does to processes. */
export const processFaults: readonly Row[] = [
  {
    name: 'sigterm',
    title: 'SIGTERM to a host and a relay under load',
    // A lease that was not given back would take 30 s.
    expect: { duplicates: 'none', recovery: 5, refused: true },
    async play(stage) {
      await prepare(stage);
      const driver = await stage.start({ hosts: 2 });
      const [leaving, staying] = stage.hosts as [Child, Child];
      await stage.breakWhile(async () => {
        const began = performance.now();
        const ends = Promise.all([
          stage.release(leaving, 'SIGTERM'),
          stage.release(stage.relays[0] as Child, 'SIGTERM'),
        ]);
        driver.target([await signupUrl(staying)]);
        const codes = await ends;
        const seconds = (performance.now() - began) / 1000;
        if (codes.some((code) => code !== 0)) throw new Error(`ended with ${codes.join(' and ')}`);
        if (seconds > 11) throw new Error(`took ${seconds.toFixed(1)} s to end`);
      });
    },
  },
  {
    name: 'migrate-eight',
    title: 'eight `migrate up` at once, one killed midway',
    expect: { duplicates: 'none', recovery: 5 },
    async play(stage) {
      await stage.createDatabase();
      await stage.createTopic();
      await migrateByEight(stage);
      await stage.start();
      await stage.brokenThroughout();
    },
  },
];

/** The one that gets the lock first is caught with half of its tables made, and killed while seven wait for it. */
async function migrateByEight(stage: Stage): Promise<void> {
  const proxy = await stage.postgresProxy();
  const caught = proxy.hold(/create table "public"\.email_outbox/);
  const victim = migrateUp(proxy.url);
  await caught;
  const others = Array.from({ length: 7 }, () => migrateUp(stage.databaseUrl));
  const client = await connectHarness(stage.databaseUrl);
  try {
    await until('seven wait for the lock', 150, async () => {
      const { rows } = await client.query(
        `select from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.length === 7;
    });
    await victim.end('SIGKILL');
    // Its connection ends with it; the proxy's own must not keep the lock.
    await delay(100);
    await until('the seven ended', 60, () => others.every(({ ended }) => ended !== undefined));
    const { rows } = await client.query('select count(*)::integer as applied from fluentmeet_migrations');
    const codes = others.map(({ ended }) => ended);
    if (codes.some((code) => code !== 0))
      throw new Error(`ended with ${codes.join(', ')}: ${others[0]?.tail()}`);
    const applied = others.filter((one) => one.tail().includes('0001-users'));
    if (applied.length !== 1) throw new Error(`${applied.length} of them applied the migrations`);
    if (rows[0].applied < 4) throw new Error(`${rows[0].applied} migrations are recorded`);
  } finally {
    await client.end();
    for (const child of [victim, ...others]) await child.end('SIGKILL');
  }
}

function migrateUp(url: string): Child {
  const entry = new URL('../../../bin/fluentmeet.ts', import.meta.url);
  const env = { DATABASE_URL: url, NO_COLOR: '1' };
  return startChild(entry, { args: ['migrate', 'up', '--json'], env });
}
