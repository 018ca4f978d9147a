import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { atEnd } from './at-end.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where the sources lie, as JavaScript beside one another as in the repository. */
let folder: string | undefined;

/**
 * The JavaScript of a source, for a child process to run: one that compiled all that it loads, as with tsx, would spend two
 * seconds of a processor on that alone. All sources are compiled at the first call of a run, and never older than it.
 *
 * @param source `bin/fluentmeet.ts`, from the root of the repository, or where it lies
 */
export function compiled(source: string | URL): string {
  folder ??= compileAll();
  const relative = typeof source === 'string' ? source : path.relative(root, fileURLToPath(source));
  return path.join(folder, relative.replace(/\.ts$/, '.js'));
}

function compileAll(): string {
  const ofRun = process.env['FLUENTMEET_TESTS_FOLDER'];
  if (ofRun === undefined) {
    const own = mkdtempSync(path.join(tmpdir(), 'fluentmeet-compiled-'));
    atEnd(async () => rmSync(own, { recursive: true, force: true }));
    return compileInto(own);
  }
  const shared = path.join(ofRun, 'compiled');
  if (existsSync(shared)) return shared;
  const draft = compileInto(mkdtempSync(path.join(ofRun, 'compiling-')));
  try {
    renameSync(draft, shared);
  } catch (error) {
    if (!existsSync(shared)) throw error; // else another worker was faster
  }
  return shared;
}

function compileInto(outdir: string): string {
  const entryPoints = ['bin', 'src', 'migrations', 'test'].flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
      .map((file) => path.join(root, room, file)),
  );
  buildSync({ entryPoints, outdir, outbase: root, format: 'esm', platform: 'node', absWorkingDir: root });
  for (const name of ['package.json', 'node_modules'])
    symlinkSync(path.join(root, name), path.join(outdir, name));
  return outdir;
}
