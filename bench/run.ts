/**
 * Runs the named benches, or all of them, on a real PostgreSQL and Kafka, and writes their rows into results.md:
 *
 *   npm run bench
 *   npm run bench -- relay-drain seed
 *   npm run bench -- --quick signup-overhead     (to see that it works; its numbers mean little)
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runAtEnd } from '../test/support/at-end.js';
import type { Bench } from './bench.js';
import { bloat } from './bloat.js';
import { challengeBench } from './challenge.js';
import { cliStart } from './cli-start.js';
import { commitToKafka } from './commit-to-kafka.js';
import { costGrowth } from './cost-growth.js';
import { firstRun } from './first-run.js';
import { hashCost } from './hash-cost.js';
import { longTransaction } from './long-transaction.js';
import { mailerBench } from './mailer.js';
import { memory } from './memory.js';
import { oracle } from './oracle.js';
import { relayDrain } from './relay-drain.js';
import { writeResults } from './results.js';
import { seed } from './seed.js';
import { signupOverhead } from './signup-overhead.js';
import { signupPageBench } from './signup-page.js';
import { signupReal } from './signup-real.js';

const benches: readonly Bench[] = [
  signupOverhead,
  signupReal,
  hashCost,
  commitToKafka,
  relayDrain,
  longTransaction,
  mailerBench,
  costGrowth,
  bloat,
  seed,
  cliStart,
  firstRun,
  memory,
  signupPageBench,
  oracle,
  challengeBench,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(`npm run bench -- [--quick] [bench …]\n\n${benches.map(({ name }) => name).join('\n')}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no bench ${unknown.join(', ')}. There are: ${benches.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
  (file) => statSync(folder + file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
) as [number, number];
if (installed < wanted) {
  // Two of them want a newer Node than ours, and get it (peers.ts).
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  execFileSync('npm', ['--prefix', folder, 'ci', ...options], { stdio: 'inherit' });
}

try {
  for (const bench of benches) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    console.error(`${bench.name} …`);
    const [load] = loadavg();
    const start = performance.now();
    const rows = await bench.run({
      quick: values.quick,
      say: (line) => console.error(`  ${line}`),
    });
    for (const { what, ours, against, ratio } of rows)
      console.error(`  ${what}: ${ours} | ${against} | ${ratio}`);
    console.error(`  took ${((performance.now() - start) / 1000).toFixed(0)} s`);
    if (!values.quick)
      await writeResults(
        bench.name,
        benches.map(({ name }) => name),
        rows,
        load as number,
      );
  }
} finally {
  await runAtEnd();
}
