import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from './install-package.js';

/** What a host may be handed without a thought: permissive, and no notice wider than the licence's own text. */
const permissive = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
]);

export interface LockedPackage {
  dev?: boolean;
  link?: boolean;
  license?: string;
}

/**
 * Each production dependency whose licence is not on the list, with what it says.
 *
 * @param peers those that a host adds, which are for development here
 */
export function unwelcome(
  packages: Readonly<Record<string, LockedPackage>>,
  peers: readonly string[] = [],
): string[] {
  return production(packages, peers)
    .filter(([, { license }]) => license === undefined || !isPermissive(license))
    .map(([name, { license }]) => `${name}: ${license ?? 'no licence'}`);
}

function production(
  packages: Readonly<Record<string, LockedPackage>>,
  peers: readonly string[],
): [string, LockedPackage][] {
  return Object.entries(packages)
    .map(([place, one]): [string, LockedPackage] => [place.replace(/^.*node_modules\//, ''), one])
    .filter(
      ([name, { dev, link }]) => name !== '' && link !== true && (dev !== true || peers.includes(name)),
    );
}

/** An SPDX expression: of `OR` one is enough, of `AND` all are needed. */
function isPermissive(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, '');
  return bare
    .split(' OR ')
    .some((either) => either.split(' AND ').every((one) => permissive.has(one.trim())));
}

async function main(): Promise<number> {
  const { packages } = JSON.parse(await readFile(path.join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage & { peerDependencies?: Record<string, string> }>;
  };
  const peers = Object.keys(packages['']?.peerDependencies ?? {});
  const faults = unwelcome(packages, peers);
  for (const fault of faults) process.stdout.write(`NOT ON THE LIST  ${fault}\n`);
  process.stdout.write(
    `${production(packages, peers).length} packages that a host may install, ${faults.length} not permissive\n`,
  );
  return faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main();
