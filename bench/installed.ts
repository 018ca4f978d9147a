import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atEnd } from '../test/support/at-end.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
let installed: Promise<string> | undefined;

/**
 * The path of the package's command, packed from these sources and installed into a folder of its own, as a user has
 * it. Built from a copy: the checkout's own `dist` stays as it is.
 */
export function installedCommand(): Promise<string> {
  return (installed ??= install());
}

async function install(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-bench-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const sources = path.join(folder, 'sources');
  const host = path.join(folder, 'host');
  await mkdir(sources);
  await mkdir(host);
  for (const name of [
    'bin',
    'src',
    'migrations',
    'docs',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'CHANGELOG.md',
  ]) {
    await cp(path.join(root, name), path.join(sources, name), { recursive: true });
  }
  await symlink(path.join(root, 'node_modules'), path.join(sources, 'node_modules'));
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: sources });
  await writeFile(path.join(host, 'package.json'), '{ "private": true }\n');
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) as string;
  await run('npm', ['install', '--no-audit', '--no-fund', path.join(folder, tarball)], { cwd: host });
  return path.join(host, 'node_modules/@fluentmeet/signup/dist/bin/fluentmeet.js');
}
