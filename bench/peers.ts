import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startWorker, type Worker } from './worker.js';

/** What the newest pg-boss and graphile-worker need, and we do not: npm has it as a package. */
const nodeVersion = '22.23.3';

let node: string | undefined;

/** A peer that runs on a newer Node than ours. */
export function startNewerPeer(file: string): Worker {
  const options = ['--yes', '--loglevel=error', `--package=node@${nodeVersion}`];
  node ??= execFileSync('npm', ['exec', ...options, '--', 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
  }).trim();
  return startWorker(file, { node });
}

/** With the version that is installed: the table keeps rows of older runs. */
export function peerName(name: string): string {
  const manifest = fileURLToPath(new URL(`node_modules/${name}/package.json`, import.meta.url));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return `${name} ${version}`;
}

/** With the Node that `startNewerPeer` gave it. */
export function newerPeerName(name: string): string {
  return `${peerName(name)} on Node ${nodeVersion}`;
}
