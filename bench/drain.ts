import pg from 'pg';
import { newTopic } from './services.js';
import { startWorker } from './worker.js';

/** The youngest first, which goes last: where old versions of rows are held, looking for any would read past them all. */
const anyPending = `
  select 1 from email_outbox where id = (select max(id) from email_outbox) and status = 'pending'
  union all
  select 1 from email_outbox where status = 'pending'
  limit 1`;

/** Seconds from the relays' start until no email is pending any more. */
export async function drain(
  database: string,
  brokers: string[],
  processes: number,
  say: (line: string) => void,
): Promise<number> {
  const emailTopic = await newTopic();
  const workers = Array.from({ length: processes }, () => startWorker('servers/relay.ts'));
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await Promise.all(workers.map((worker) => worker.call('cpu')));
  const start = performance.now();
  await Promise.all(
    workers.map((worker) => worker.call('start', { database, kafka: { brokers }, emailTopic })),
  );
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { rows } = await client.query(anyPending);
    if (rows.length === 0) break;
  }
  const seconds = (performance.now() - start) / 1000;
  const cpu = await Promise.all(workers.map((worker) => worker.call<number>('cpu')));
  say(
    `${processes} relays: ${seconds.toFixed(1)} s, ${cpu.map((one) => one.toFixed(1)).join(' + ')} s of processor`,
  );
  const [row] = (
    await client.query<{ published: string }>(
      'select count(*) as published from email_outbox where published_at is not null',
    )
  ).rows;
  say(`${row?.published} published`);
  await client.end();
  for (const worker of workers) {
    await worker.call('stop');
    await worker.stop();
  }
  return seconds;
}
