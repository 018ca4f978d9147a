/** The fault matrix: `npm run test:faults [-- [--signups <n>] <row> …]`. Docs: docs/reliability.md. */
import { parseArgs } from 'node:util';

import { runAtEnd } from '../support/at-end.js';
import { startOwnKafka } from '../support/kafka.js';
import { startOwnPostgres } from '../support/postgres.js';
import { playRows } from './play-rows.js';
import { faultFree } from './rows/fault-free.js';
import { rows } from './rows/index.js';
import { kafkaWithAccessLists } from './services.js';
import { tableHead, tableLine } from './table.js';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals: names } = parseArgs({
    args,
    allowPositionals: true,
    options: { signups: { type: 'string', default: '1000' } },
  });
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(`No such row: ${unknown.join(', ')}. There are:`);
    for (const { name, title } of rows) console.error(`  ${name.padEnd(24)} ${title}`);
    return 2;
  }
  const chosen = rows.filter(({ name }) => names.length === 0 || names.includes(name));
  const start = performance.now();
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  try {
    // A starting JVM takes both cores for seconds: a broker has a machine of its own, and its state is what is tested.
    const kafka = await startOwnKafka(kafkaWithAccessLists, 10);
    let postgres: ReturnType<typeof startOwnPostgres> | undefined;
    const services = {
      brokers: kafka.brokers,
      ownKafka: async () => kafka,
      ownPostgres: () => (postgres ??= startOwnPostgres()),
    };
    console.log(tableHead());
    const played = await playRows([faultFree, ...chosen], {
      services,
      size: Number(values.signups),
      perSecond: 60,
      interruption: interruption.signal,
      onPlayed: (one) => console.log(tableLine(one)),
    });
    const failed = played.filter(({ faults }) => faults.length > 0).length;
    const seconds = Math.round((performance.now() - start) / 1000);
    console.log(`\n${played.length} rows, ${failed} failed, ${seconds} s`);
    return failed === 0 ? 0 : 1;
  } finally {
    await runAtEnd();
  }
}
