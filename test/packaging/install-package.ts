import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { atEnd } from '../support/at-end.js';

const run = promisify(execFile);

export const repository = path.resolve(import.meta.dirname, '../..');

interface Packed {
  tarball: string;
  files: string[];
}

let packed: Promise<Packed> | undefined;

/** The tarball that would be published, of what is built: another test may be running that just now. */
export function packPackage(): Promise<Packed> {
  return (packed ??= pack());
}

async function pack(): Promise<Packed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-tarball-'));
  atEnd(() => removeFolder(folder));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: repository,
    maxBuffer: 1 << 24,
  });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return { tarball: path.join(folder, filename), files: files.map((file) => file.path) };
}

/**
 * A folder with the packed package installed as npm would, and its declared dependencies (no others) linked to those of
 * the repository: what it imports without declaring is not found.
 */
export async function installPackage(
  alsoLinked: readonly string[],
): Promise<{ folder: string; files: string[] }> {
  const { tarball, files } = await packPackage();
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-packed-'));
  const installed = path.join(folder, 'node_modules/@fluentmeet/signup');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);

  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    await readFile(path.join(installed, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, object>>;
  const names = new Set([
    ...Object.keys(dependencies ?? {}),
    // The optional ones are not there unless a host adds them.
    ...Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]),
    ...alsoLinked,
  ]);
  for (const name of names) {
    const link = path.join(folder, 'node_modules', name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(repository, 'node_modules', name), link);
  }
  return { folder, files };
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
