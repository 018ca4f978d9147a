import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { PassThrough, Readable, Writable } from 'node:stream';
import { main } from '../../src/cli/main.js';
import type { Io, TerminalStream } from '../../src/cli/terminal/io.js';

export interface CliOptions {
  env?: Record<string, string>;
  /** What stdin holds. Default: nothing. */
  stdin?: string;
  /** Which streams are a terminal. Default: none. */
  terminal?: { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  columns?: number;
  /** Where `.env` is looked for. Default: a folder without one. */
  cwd?: string;
}

export interface CliRun {
  code: number;
  stdout: string;
  stderr: string;
  /** The one document of `--json`; `like` is looked at for its type alone. */
  json: <T>(like?: T) => T;
}

/** Runs one command line in this process, as `bin/fluentmeet.ts` would, with an environment of its own. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { io, stdout, stderr } = createIo(options);
  const code = await main(['node', 'fluentmeet', ...args], io);
  return {
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    json: <T>(_like?: T) => JSON.parse(stdout.text) as T,
  };
}

export interface TestIo {
  io: Io & { signals: EventEmitter };
  stdout: Captured;
  stderr: Captured;
  /** What `io.exit` was called with. */
  exits: number[];
}

export function createIo({ env = {}, stdin, terminal = {}, columns, cwd }: CliOptions = {}): TestIo {
  const exits: number[] = [];
  const stdout = new Captured(terminal.stdout === true, columns);
  const stderr = new Captured(terminal.stderr === true, columns);
  const input = stdin === undefined ? new PassThrough().end() : Readable.from([Buffer.from(stdin)]);
  return {
    io: {
      stdin: Object.assign(input, { isTTY: terminal.stdin === true }),
      stdout,
      stderr,
      env,
      cwd: cwd ?? tmpdir(),
      signals: new EventEmitter(),
      exit: (code) => void exits.push(code),
    },
    stdout,
    stderr,
    exits,
  };
}

export class Captured extends Writable implements TerminalStream {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns: number = 80,
  ) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
