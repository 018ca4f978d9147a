import { setTimeout as delay } from 'node:timers/promises';

import { type OwnPostgres, startOwnPostgres } from '../../support/postgres.js';
import { copyPostgres, startStandby } from '../../support/postgres-copy.js';
import { startProxy } from '../../support/tcp-proxy.js';
import { connectHarness } from '../connect.js';
import { startFollowingProxy } from '../following-proxy.js';
import type { Row } from '../row.js';
import { until } from '../services.js';
import { signupUrl, type Stage } from '../stage.js';

/** A lease of the old primary's has to run out on the new one. */
const lease = 36;
/** Enough for a standby to fetch what it missed, and no more than a row writes. */
const keptLog = { wal_keep_size: '512MB' };

/** PostgreSQL on two machines, and its backup. */
export const replicationFaults: readonly Row[] = [
  {
    name: 'failover-synchronous',
    title: 'primary killed, synchronous standby promoted, a proxy follows',
    expect: { duplicates: 'possible', unavailable: 'certain', recovery: lease, event: 'relay.away' },
    play: (stage) => failOver(stage, { synchronous: true }),
  },
  {
    name: 'failover-asynchronous',
    title: 'the same, asynchronous, half a second behind',
    expect: { duplicates: 'possible', unavailable: 'certain', recovery: lease, behind: true },
    play: (stage) => failOver(stage, { synchronous: false }),
  },
  {
    name: 'backup-restored',
    title: 'restored elsewhere from a backup that was taken under load',
    expect: { duplicates: 'possible', recovery: lease, behind: true, refused: true },
    async play(stage) {
      const primary = await startPrimary(stage);
      await stage.start();
      await stage.breakWhile(async () => {
        const copy = await copyPostgres(primary);
        await delay(3_000);
        // All of it ends, as the machine did.
        for (const child of [...stage.hosts, ...stage.relays]) await stage.release(child, 'SIGKILL');
        await primary.kill();
        const restored = await startOwnPostgres({}, copy);
        stage.defer(() => restored.stop());
        stage.databaseUrl = restored.url;
        await requireSequencesInStep(restored.url);
        const host = await stage.startHost({});
        await stage.startRelay({});
        stage.driver?.target([await signupUrl(host)]);
      });
    },
  },
];

async function failOver(stage: Stage, { synchronous }: { synchronous: boolean }): Promise<void> {
  const primary = await startPrimary(stage);
  const { hostname, port } = new URL(primary.url);
  const wire = await startProxy({ host: hostname, port: Number(port) });
  stage.defer(() => wire.stop());
  const standby = await startStandby(primary, wire.port);
  stage.defer(() => standby.stop());
  await untilFollowing(primary.url);
  if (synchronous) await configure(primary.url, { synchronous_standby_names: 'standby' });
  const proxy = await startFollowingProxy(primary.url);
  stage.defer(() => proxy.stop());
  await stage.start({ database: proxy.url });
  await stage.breakWhile(async () => {
    if (!synchronous) {
      await wire.setMode('freeze');
      await delay(500);
    }
    await primary.kill();
    wire.cut();
    await delay(2_000);
    const client = await connectHarness(standby.url);
    await client.query('select pg_promote()').finally(() => client.end());
    stage.databaseUrl = standby.url;
    proxy.follow(standby.url);
  });
}

async function startPrimary(stage: Stage): Promise<OwnPostgres> {
  const primary = await startOwnPostgres(keptLog);
  stage.defer(() => primary.stop());
  stage.databaseUrl = primary.url;
  await stage.migrate(primary.url);
  await stage.createTopic();
  return primary;
}

async function configure(url: string, settings: Record<string, string>): Promise<void> {
  const client = await connectHarness(url);
  try {
    for (const [name, value] of Object.entries(settings)) {
      await client.query(`alter system set ${name} = '${value}'`);
    }
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
}

async function untilFollowing(url: string): Promise<void> {
  const client = await connectHarness(url);
  await until('the standby follows', 30, async () => {
    const { rows } = await client.query(`select from pg_stat_replication where state = 'streaming'`);
    return rows.length === 1;
  }).finally(() => client.end());
}

/** The next account, token and email must get a number that none has. */
async function requireSequencesInStep(url: string): Promise<void> {
  const client = await connectHarness(url);
  try {
    for (const table of ['users', 'email_outbox']) {
      const { rows } = await client.query(
        `select coalesce(max(id), 0) <= (select last_value from pg_sequences
           where schemaname || '.' || sequencename = pg_get_serial_sequence('${table}', 'id')) as in_step from ${table}`,
      );
      if (!rows[0].in_step) throw new Error(`the sequence of ${table} is behind its rows`);
    }
  } finally {
    await client.end();
  }
}
