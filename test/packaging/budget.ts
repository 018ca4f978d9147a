import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { removeFolder, repository } from './install-package.js';

/**
 * What the packed package may add to a host that has Express and Sequelize already. A change that needs more says so
 * here, where its reviewer sees it.
 */
const budget = {
  megabytes: 30,
  packages: 110,
  /**
   * Times what importing Express and Sequelize takes in the same run: a ratio, since machines differ. It reads 1.1 to 1.3; what
   * it is there for, a library that is loaded early, shows as much more.
   */
  importTime: 1.8,
  /** Resident memory in megabytes after the import, beyond that of Express and Sequelize. */
  importMemory: 25,
};

const run = promisify(execFile);
const importRounds = 25;

type Costs = typeof budget;

/** Installs by npm, as a host would: once without the package, once with it. Prints a row for each cost. */
async function main(): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-budget-'));
  try {
    const costs = await measure(folder);
    const rows = (Object.keys(budget) as (keyof Costs)[]).map((name) => ({
      name,
      measured: Number(costs[name].toFixed(2)),
      budget: budget[name],
      ok: costs[name] <= budget[name],
    }));
    process.stdout.write('What @fluentmeet/signup adds to a host with express and sequelize:\n');
    for (const { name, measured, budget: most, ok } of rows) {
      process.stdout.write(`${ok ? 'ok  ' : 'OVER'}  ${name.padEnd(13)} ${measured} of ${most}\n`);
    }
    return rows.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await removeFolder(folder);
  }
}

async function measure(folder: string): Promise<Costs> {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: repository, maxBuffer: 1 << 24 });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) as string;
  const bare = await install(folder, 'bare', ['express', 'sequelize']);
  const full = await install(folder, 'full', ['express', 'sequelize', path.join(folder, tarball)]);
  const imported = await importCosts(full.host);
  return {
    megabytes: (full.bytes - bare.bytes) / 1e6,
    packages: full.packages - bare.packages,
    ...imported,
  };
}

async function install(folder: string, name: string, packages: readonly string[]) {
  const host = path.join(folder, name);
  await mkdir(host);
  await writeFile(path.join(host, 'package.json'), '{"private":true,"type":"module"}');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd: host });
  const lock = JSON.parse(await readFile(path.join(host, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: object;
  };
  return {
    host,
    packages: Object.keys(lock.packages).length,
    bytes: await bytesOf(path.join(host, 'node_modules')),
  };
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesOf(file);
    else if (entry.isFile()) bytes += (await stat(file)).size;
  }
  return bytes;
}

const importScript = `
const start = performance.now();
await import('express'); await import('sequelize');
const host = performance.now(); const memory = process.memoryUsage.rss();
await import('@fluentmeet/signup'); await import('@fluentmeet/signup/express');
console.log(JSON.stringify({
  host: host - start, ours: performance.now() - host, memory: (process.memoryUsage.rss() - memory) / 1e6,
}));`;

/** The least of each in several: whatever else the machine does only adds. */
async function importCosts(host: string): Promise<{ importTime: number; importMemory: number }> {
  const rounds: { host: number; ours: number; memory: number }[] = [];
  for (let round = 0; round < importRounds; round++) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', importScript], {
      cwd: host,
    });
    rounds.push(JSON.parse(stdout) as (typeof rounds)[number]);
  }
  const least = (cost: keyof (typeof rounds)[number]) => Math.min(...rounds.map((round) => round[cost]));
  return { importTime: least('ours') / least('host'), importMemory: least('memory') };
}

process.exitCode = await main();
