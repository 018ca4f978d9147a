import pg from 'pg';
import type { Internals } from '../src/fluentmeet.js';
import { pruneEmails } from '../src/outbox/prune-emails.js';
import { writeSignUps } from './backlog.js';
import type { Bench, Row } from './bench.js';
import { internalsOf } from './built.js';
import { claimAndSettle } from './claim-and-settle.js';
import { benchInstance } from './instance.js';
import { grouped, inTurns, median, ratios, secondsOf, spread } from './rounds.js';
import { dropDatabase, newDatabase, postgresUrl, query } from './services.js';

const young = 10_000;

/**
 * What the outbox has become once so many mails have gone through it as they came: each row is written, claimed and
 * settled, with autovacuum at work. What comes in a day takes minutes here, so autovacuum looks every second instead of
 * every minute; how many dead rows it waits for is PostgreSQL's default.
 */
export const bloat: Bench = {
  name: 'bloat',
  async run({ quick, say }) {
    const total = quick ? 20_000 : 1_000_000;
    const rounds = quick ? 2 : 7;
    const outboxes = [await openOutbox(), await openOutbox()] as const;
    const [small, large] = outboxes;
    const inBoth = () =>
      inTurns(rounds, { small: () => claimSeveral(small), large: () => claimSeveral(large) });
    await query(await postgresUrl(), "alter system set autovacuum_naptime = '1s'");
    await query(await postgresUrl(), 'select pg_reload_conf()');
    try {
      await live(small, young);
      const seconds = await secondsOf(async () => {
        for (let slice = 1; slice <= 10; slice++) {
          await live(large, total / 10);
          say(`${grouped((total * slice) / 10)}: ${await sizes(large)}`);
        }
      });
      const lived = await inBoth();
      const after = `${grouped(total)} mails in ${grouped(seconds)} s`;
      const grown = await sizeRow(large, after);
      const pruning = { statuses: ['published'], olderThan: 0 } as const;
      const pruned = await pruneEmails(large.context, pruning);
      return [
        claimRow(`after ${grouped(total)} mails`, lived),
        grown,
        claimRow(`after a prune of ${grouped(pruned)} mails`, await inBoth()),
        {
          ...{ what: 'sizes after that prune', ours: await sizes(large), against: '', ratio: '' },
          ...{ goal: '', met: undefined },
        },
      ];
    } finally {
      await query(await postgresUrl(), 'alter system reset autovacuum_naptime');
      await query(await postgresUrl(), 'select pg_reload_conf()');
      for (const { database, client, stop } of outboxes) {
        await client.end();
        await stop();
        await dropDatabase(database);
      }
    }
  },
};

interface Outbox {
  database: string;
  client: pg.Client;
  context: Internals;
  /** How many have signed up. */
  signups: number;
  stop: () => Promise<void>;
}

async function openOutbox(): Promise<Outbox> {
  const database = await newDatabase();
  const fluentmeet = benchInstance({ database, databasePoolSize: 1, databaseQueryTimeout: 0 });
  await fluentmeet.migrate();
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const context = internalsOf(fluentmeet);
  return { database, client, context, signups: 0, stop: () => fluentmeet.stop() };
}

/** Five hundred sign up, their mails go out, and so on. */
async function live(outbox: Outbox, count: number): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    await signUp(outbox, 500);
    await claimAndSettle(outbox.context);
  }
}

async function signUp(outbox: Outbox, count: number): Promise<void> {
  await writeSignUps(outbox.client, outbox.signups, count);
  outbox.signups += count;
}

/** Milliseconds a batch. */
async function claimSeveral(outbox: Outbox): Promise<number> {
  await signUp(outbox, 3000);
  return claimAndSettle(outbox.context);
}

/** Of the table and each of its indexes, in megabytes, and what is dead in it. */
async function sizes({ client }: Outbox): Promise<string> {
  const { rows } = await client.query<{ name: string; bytes: string }>(`
    select replace(indexrelid::regclass::text, 'email_outbox_', '') as name, pg_relation_size(indexrelid) as bytes
    from pg_index where indrelid = 'email_outbox'::regclass
    union all select 'table', pg_relation_size('email_outbox')
    order by bytes desc, name desc`);
  const [life] = (
    await client.query<{ dead: string; vacuums: string }>(`
      select n_dead_tup as dead, autovacuum_count as vacuums from pg_stat_user_tables
      where relid = 'email_outbox'::regclass`)
  ).rows;
  const each = rows.map(({ name, bytes }) => `${name} ${megabytes(bytes)}`).join(', ');
  return `${each} MB; ${grouped(Number(life?.dead))} dead rows, vacuumed ${life?.vacuums} times`;
}

/** Beside the same rows, written once and never updated. */
async function sizeRow(outbox: Outbox, after: string): Promise<Row> {
  const { client } = outbox;
  const ours = await sizes(outbox);
  await client.query('create table packed (like email_outbox including all)');
  await client.query('insert into packed overriding system value select * from email_outbox');
  const total = async (table: string): Promise<number> =>
    Number((await client.query(`select pg_total_relation_size('${table}') as bytes`)).rows[0]?.bytes);
  const [lived, packed] = [await total('email_outbox'), await total('packed')];
  await client.query('drop table packed');
  return {
    what: `sizes after ${after}, autovacuum looking every second`,
    ours,
    against: `of ${megabytes(lived)} MB in all, written once ${megabytes(packed)} MB`,
    ratio: (lived / packed).toFixed(2),
    ...{ goal: '', met: undefined },
  };
}

function megabytes(bytes: number | string): string {
  return (Number(bytes) / 2 ** 20).toFixed(1);
}

function claimRow(when: string, { small, large }: Record<'small' | 'large', number[]>): Row {
  const found = ratios(large, small);
  return {
    what: `relay: claim and settle 500, ${when}`,
    ours: `${spread(large)} ms a batch`,
    against: `after ${grouped(young)} ${spread(small)}`,
    ratio: spread(found),
    goal: '≤ 1.2',
    met: median(found) <= 1.2,
  };
}
