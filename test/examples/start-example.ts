import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { installPackage, removeFolder, repository } from '../packaging/install-package.js';

/** Of every example that is started here: 32 characters or more. */
export const secret = 'a secret of the tests, 32 characters or more';

export interface RunningExample {
  url: string;
  output: () => string;
  /** Asks it to end, and resolves with the exit code and the signal. */
  stop: () => Promise<[number | null, string | null]>;
}

/** A folder in which the examples stand as they do in the repository, beside the packed package and what they want. */
export interface Examples {
  /** Copies one, and resolves with its folder. `linked` are packages that it has of its own, by those of the repository. */
  copy(name: string, linked?: Readonly<Record<string, string>>): Promise<string>;
  /** Starts what was copied, and waits until it listens. */
  start(home: string, databaseUrl: string, main?: string): Promise<RunningExample>;
  /** Runs a script of it to its end; `code` is undefined where that is 0. */
  run(home: string, args: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** A file that was built, in a folder with nothing but these packages. Resolves with its new place. */
  deploy(home: string, file: string, packages: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

export interface Ended {
  code?: number;
  stdout: string;
  stderr: string;
}

export async function installExamples(alsoLinked: readonly string[]): Promise<Examples> {
  const { folder } = await installPackage(alsoLinked);
  const children: ChildProcess[] = [];
  const deployed: string[] = [];
  const linkTo = async (link: string, name: string) => {
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(repository, 'node_modules', name), link);
  };
  return {
    async copy(name, linked = {}) {
      const home = path.join(folder, name);
      await cp(path.join(repository, 'examples', name), home, { recursive: true });
      if (Object.keys(linked).length === 0) return home;
      // A package finds its peers from where it lies.
      const modules = path.join(home, 'node_modules');
      await cp(path.join(folder, 'node_modules/@fluentmeet'), path.join(modules, '@fluentmeet'), {
        recursive: true,
      });
      for (const [own, name] of Object.entries(linked)) await linkTo(path.join(modules, own), name);
      return home;
    },
    async start(home, databaseUrl, main = 'app.js') {
      const child = spawn(process.execPath, [main], {
        cwd: home,
        env: {
          PATH: process.env['PATH'],
          DATABASE_URL: databaseUrl,
          FLUENTMEET_SECRET: secret,
          SESSION_SECRET: secret,
          PORT: '0',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      return untilListening(child, home);
    },
    run: (home, args, env = {}) =>
      promisify(execFile)(process.execPath, args, {
        cwd: home,
        env: { PATH: process.env['PATH'], ...env },
        timeout: 60_000,
      }).catch((error: Ended) => error),
    async deploy(home, file, packages) {
      const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-deployed-'));
      deployed.push(folder);
      for (const name of packages) await linkTo(path.join(folder, 'node_modules', name), name);
      await cp(path.join(home, file), path.join(folder, path.basename(file)));
      return path.join(folder, path.basename(file));
    },
    async remove() {
      for (const child of children) child.kill('SIGKILL');
      for (const one of [folder, ...deployed]) await removeFolder(one);
    },
  };
}

async function untilListening(child: ChildProcess, home: string): Promise<RunningExample> {
  let output = '';
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  await new Promise<void>((resolve, reject) => {
    const keep = (chunk: unknown) => {
      output += String(chunk);
      if (/listening on \S+/.test(output)) resolve();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    void exited.then(() => reject(new Error(`${path.basename(home)} ended:\n${output}`)));
  });
  return {
    url: /listening on (\S+)/.exec(output)?.[1] as string,
    output: () => output,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
