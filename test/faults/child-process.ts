import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { LogData } from '../../src/logger.js';
import { compiled } from '../support/compiled.js';

export interface Child {
  readonly pid: number;
  /** How often it has logged each event. */
  readonly events: ReadonlyMap<string, number>;
  /** The exit code, or the signal that ended it; undefined while it runs. */
  readonly ended: string | number | undefined;
  /** The last lines that it wrote, for the report of a failure. */
  tail(): string;
  /** The data of the first event of this name, also when it was logged already. @throws Error when it ends before */
  logged(event: string): Promise<LogData>;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal, waits for the end and resolves with `ended`. */
  end(signal: NodeJS.Signals): Promise<string | number>;
}

export interface ChildOptions {
  /** For the entry to read back from FAULTS_OPTIONS. */
  options?: object;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Milliseconds by which its clock is wrong. */
  clockShift?: number;
  /** Milliseconds after which its clock is right, and after which it is wrong again. Default: it stays wrong. */
  clockJumps?: number;
}

const tailLines = 30;

/** Starts a process of the harness: a TypeScript entry, which logs a JSON line an event on stderr. */
export function startChild(
  entry: URL,
  { options, args = [], env, clockShift = 0, clockJumps = 0 }: ChildOptions,
): Child {
  const preloads = ['end-with-parent', ...(clockShift ? ['shift-clock'] : [])];
  const child = spawn(
    process.execPath,
    [...preloads.flatMap((one) => ['--import', compiled(`test/faults/${one}.ts`)]), compiled(entry), ...args],
    {
      env: {
        ...process.env,
        ...env,
        FAULTS_OPTIONS: JSON.stringify(options ?? {}),
        FAULTS_CLOCK_SHIFT: String(clockShift),
        FAULTS_CLOCK_JUMPS: String(clockJumps),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const events = new Map<string, number>();
  const seen = new Map<string, LogData>();
  const waiting = new Map<string, (data: LogData) => void>();
  const lines: string[] = [];
  let ended: string | number | undefined;

  const hear = (line: string): void => {
    lines.push(line);
    if (lines.length > tailLines) lines.shift();
    const data = parseEvent(line);
    if (!data) return;
    events.set(data.event, (events.get(data.event) ?? 0) + 1);
    if (!seen.has(data.event)) seen.set(data.event, data);
    waiting.get(data.event)?.(data);
  };
  for (const stream of [child.stdout, child.stderr] as Readable[])
    createInterface({ input: stream }).on('line', hear);
  const exit = new Promise<string | number>((resolve) => {
    child.once('exit', (code, signal) => resolve((ended = signal ?? code ?? 'unknown')));
  });

  return {
    pid: child.pid as number,
    events,
    get ended() {
      return ended;
    },
    tail: () => lines.join('\n'),
    async logged(event) {
      const past = seen.get(event);
      if (past) return past;
      const logged = new Promise<LogData>((resolve) => waiting.set(event, resolve));
      const data = await Promise.race([logged, exit.then(() => undefined)]);
      if (data) return data;
      throw new Error(`the process ended (${ended}) before it logged ${event}:\n${lines.join('\n')}`);
    },
    signal: (signal) => void child.kill(signal),
    async end(signal) {
      if (ended === undefined) child.kill(signal);
      return exit;
    },
  };
}

function parseEvent(line: string): LogData | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const data = JSON.parse(line) as LogData;
    return typeof data.event === 'string' ? data : undefined;
  } catch {
    return undefined;
  }
}
