import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnWithLifeline } from '../../src/dev/lifeline.js';
import { atEnd } from '../support/at-end.js';
import { compiled } from '../support/compiled.js';
import { freePorts } from '../support/processes.js';
import { authPath, hostSecret } from './hostile-host.js';

/** `fluentmeet serve` as a process of its own, which cannot outlive this one. */
export interface ServeProcess {
  origin: string;
  /** With `/api/v1/auth`. */
  url: string;
  adminUrl: string;
  port: number;
  pid: number;
  /** All that it wrote, on stdout and stderr. */
  output(): Promise<string>;
  /** Resident memory in MB; NaN where the system does not say. */
  memory(): number;
  /** Milliseconds of processor time that its event loop has used; NaN where the system does not say. */
  mainThreadTime(): number;
  hasExited(): boolean;
  stop(): Promise<void>;
}

/** The command line of the CLI, for `spawn`, and what it needs of the environment. */
export const cliCommand = (): string[] => [process.execPath, compiled('bin/fluentmeet.ts')];
export const cliEnvironment = { PATH: process.env['PATH'] ?? '' };

/** @throws Error with what it wrote, when it does not listen within a minute */
export async function startServe(
  env: Record<string, string>,
  flags: readonly string[] = ['--no-relay'],
): Promise<ServeProcess> {
  const [port, adminPort] = (await freePorts(2)) as [number, number];
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-hostile-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const log = path.join(folder, 'output.log');
  const server = await spawnWithLifeline(
    ['/bin/sh', '-c', 'exec "$@" >"$0" 2>&1', log, ...cliCommand(), 'serve', ...flags],
    {
      cwd: folder, // no .env of anybody's
      env: {
        ...cliEnvironment,
        PORT: String(port),
        FLUENTMEET_ADMIN_PORT: String(adminPort),
        FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
        FLUENTMEET_SECRET: hostSecret,
        ...env,
      },
      signals: { ask: 'TERM', insist: 'KILL' },
    },
  );
  atEnd(() => server.stop());
  const origin = `http://127.0.0.1:${port}`;
  const serve: ServeProcess = {
    origin,
    url: `${origin}${authPath}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    port,
    pid: server.pid,
    output: () => readFile(log, 'utf8'),
    mainThreadTime: () => mainThreadTime(server.pid),
    memory: () => residentMemory(server.pid),
    hasExited: () => server.hasExited(),
    stop: () => server.stop(),
  };
  await untilReady(serve);
  return serve;
}

async function untilReady(serve: ServeProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!serve.hasExited() && Date.now() < deadline) {
    const ready = await fetch(`${serve.origin}/readyz`).then(
      async (response) => {
        await response.text();
        return response.ok;
      },
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  await serve.stop();
  throw new Error(`serve did not start. It wrote:\n${await serve.output()}`);
}

function residentMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function mainThreadTime(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}
