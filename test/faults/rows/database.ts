import { setTimeout as delay } from 'node:timers/promises';

import { createInvite } from '../../../src/invites/create-invite.js';
import { createFluentMeet, internalsOf } from '../../../src/fluentmeet.js';
import { connectHarness } from '../connect.js';
import { fillDisk } from '../fill-disk.js';
import { startPgBouncer } from '../../support/pgbouncer.js';
import type { Row } from '../row.js';
import { until } from '../services.js';
import type { Stage } from '../stage.js';
import { prepare } from './prepare.js';

/** Well under a lease: a claim that was under way must not hold its emails up for so long. */
const soon = 15;
/** What a claim that was cut off had leased is free after 30 s. */
const lease = 36;

/** PostgreSQL away: 503 within 3 s, and everything goes on by itself. */
export const databaseFaults: readonly Row[] = [
  {
    name: 'postgres-restarted',
    title: 'PostgreSQL restarted, 3 s away',
    expect: { duplicates: 'none', unavailable: 'certain', recovery: soon, event: 'relay.away' },
    async play(stage) {
      await prepare(stage, { ownDatabase: true });
      await stage.start();
      const postgres = await stage.services.ownPostgres();
      await stage.breakWhile(async () => {
        await postgres.stop();
        await delay(3_000);
        await postgres.restart();
      });
    },
  },
  {
    name: 'postgres-frozen',
    title: 'PostgreSQL frozen for 8 s, then continued',
    expect: { duplicates: 'none', unavailable: 'certain', recovery: soon, event: 'relay.away' },
    async play(stage) {
      await prepare(stage, { ownDatabase: true });
      await stage.start();
      const postgres = await stage.services.ownPostgres();
      await stage.breakWhile(async () => {
        postgres.freeze();
        await delay(8_000);
        postgres.thaw();
      });
    },
  },
  {
    name: 'pool-exhausted',
    title: 'connection pool exhausted: every connection waits for a lock',
    expect: { duplicates: 'none', unavailable: 'certain', recovery: soon, event: 'relay.away' },
    async play(stage) {
      const url = await prepare(stage);
      await stage.start();
      await stage.breakWhile(async () => {
        const client = await connectHarness(url);
        await client.query('begin; lock table users in access exclusive mode');
        await delay(6_000);
        await client.query('rollback').finally(() => client.end());
      });
    },
  },
  {
    name: 'commit-lost',
    title: "COMMIT's answer lost (a signup is one statement)",
    expect: { duplicates: 'none', recovery: 5 },
    async play(stage) {
      await prepare(stage);
      await loseCommits(stage, /insert into "public"\."users"/);
    },
  },
  {
    name: 'commit-lost-invite',
    title: "COMMIT's answer lost (with an invite: a transaction)",
    expect: { duplicates: 'none', recovery: 5 },
    async play(stage) {
      const url = await prepare(stage);
      const invite = await inviteEverybody(url);
      await loseCommits(stage, /^commit/i, invite);
      const client = await connectHarness(url);
      const { rows } = await client
        .query('select uses - (select count(*) from users)::integer as more from invites')
        .finally(() => client.end());
      // A signup may have committed between the two counts.
      if (Math.abs(rows[0].more) > 3) throw new Error(`${rows[0].more} more uses than users`);
    },
  },
  {
    name: 'postgres-read-only',
    title: 'PostgreSQL read-only for 6 s',
    expect: { duplicates: 'none', unavailable: 'certain', recovery: soon, event: 'relay.away' },
    async play(stage) {
      const url = await prepare(stage, { ownDatabase: true });
      await stage.start();
      await stage.breakWhile(async () => {
        const client = await connectHarness(url);
        await client.query('alter system set default_transaction_read_only = on');
        await client.query('select pg_reload_conf()');
        await delay(6_000);
        await client.query('alter system reset default_transaction_read_only');
        await client.query('select pg_reload_conf()').finally(() => client.end());
      });
    },
  },
  {
    name: 'pgbouncer-killed',
    title: 'PgBouncer (transactions, four connections) in front of everything, killed for 3 s',
    expect: { duplicates: 'none', unavailable: 'certain', recovery: lease, event: 'relay.away' },
    async play(stage) {
      const url = await prepare(stage);
      let pooler = await startPgBouncer(url, 4);
      stage.defer(() => pooler.stop());
      await stage.start({ database: pooler.url, hosts: 2 });
      await stage.breakWhile(async () => {
        await pooler.stop();
        await delay(3_000);
        pooler = await startPgBouncer(url, 4, new URL(pooler.url).port);
      });
    },
  },
  {
    name: 'postgres-disk-full',
    title: "PostgreSQL's disk full for 6 s",
    expect: { duplicates: 'none', unavailable: 'certain', recovery: soon },
    async play(stage) {
      await stage.createTopic();
      const disk = await fillDisk(stage);
      await stage.migrate(stage.databaseUrl);
      await stage.start();
      await stage.breakWhile(async () => {
        await disk.fill();
        await stage.driver?.next(503);
        await delay(6_000);
        await disk.empty();
      });
    },
  },
];

async function loseCommits(stage: Stage, statement: RegExp, invite?: string): Promise<void> {
  const proxy = await stage.postgresProxy();
  const options = invite ? { signup: 'invite' as const } : {};
  await stage.start({ database: proxy.url, hostRelay: false, relays: 0, options, body: () => ({ invite }) });
  await stage.startRelay({ options });
  await stage.breakWhile(async () => {
    proxy.loseAnswers({ to: statement, every: 10 });
    await until('enough answers are lost', 60, () => proxy.lost >= Math.max(10, stage.size / 50));
    proxy.loseAnswers(null);
  });
}

async function inviteEverybody(database: string): Promise<string> {
  const fluentmeet = createFluentMeet({
    database,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret: 'of no use to an invite, and 32 characters',
  });
  const { token } = await createInvite(internalsOf(fluentmeet), { maxUses: 1_000_000 }).finally(() =>
    fluentmeet.stop(),
  );
  return token;
}
