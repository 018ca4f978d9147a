import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createTopic, startOwnKafka } from '../test/support/kafka.js';
import { startOwnPostgres } from '../test/support/postgres.js';

/** Memory for ten million rows. Everything about durability is PostgreSQL's default, and checked below. */
const postgresSettings = {
  max_connections: '300',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  maintenance_work_mem: '512MB',
  track_commit_timestamp: 'on',
};

let postgres: Promise<string> | undefined;
let kafka: Promise<string[]> | undefined;

/** The URL of a real PostgreSQL, which the whole run shares. */
export function postgresUrl(): Promise<string> {
  return (postgres ??= (async () => {
    const { url } = await startOwnPostgres(postgresSettings);
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const [row] = await query<Record<string, string>>(url, `show ${setting}`);
      if (row?.[setting] !== 'on') throw new Error(`${setting} is off`);
    }
    return url;
  })());
}

/** An empty database on it. */
export async function newDatabase(): Promise<string> {
  const url = await postgresUrl();
  const name = `bench_${randomBytes(6).toString('hex')}`;
  await query(url, `create database ${name}`);
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** Removes what a bench is done with, so that its autovacuum disturbs no other. */
export async function dropDatabase(url: string): Promise<void> {
  await query(await postgresUrl(), `drop database ${new URL(url).pathname.slice(1)} with (force)`);
}

/** The brokers of a real Kafka, which the whole run shares. */
export function kafkaBrokers(): Promise<string[]> {
  return (kafka ??= startOwnKafka().then(({ brokers }) => brokers));
}

/** A new topic of six partitions, as docs/operations.md makes it. */
export async function newTopic(configEntries: { name: string; value: string }[] = []): Promise<string> {
  const topic = `bench-${randomBytes(6).toString('hex')}`;
  const brokers = await kafkaBrokers();
  for (let attempt = 1; ; attempt++) {
    try {
      await createTopic(brokers, topic, { partitions: 6, configEntries });
      return topic;
    } catch (error) {
      // A broker that is busy knows its new leaders late.
      if (attempt === 10 || !(error as { retriable?: boolean }).retriable) throw error;
      await delay(200);
    }
  }
}

/** Several statements, or one with its parameters, on a connection of its own. */
export async function query<Row extends object>(
  url: string,
  sql: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
