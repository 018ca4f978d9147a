import type { EventEmitter } from 'node:events';
import type { FluentMeetOptions } from '../../options/options.js';

/** Everything a command knows of the outside world: tests hand in their own, and no command touches `process`. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What the module of `--config` says; variables of the environment count for more. */
  readonly hostOptions?: Partial<FluentMeetOptions> | undefined;
  /** Emits `SIGINT`, `SIGTERM` and `SIGHUP`. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
  /** Ends the process at once. Only for an interruption; everything else returns its code. */
  exit(code: number): void;
}

export type TerminalStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signals: process,
    exit: (code) => process.exit(code),
  };
}

export function hasColor({ env }: Io, stream: TerminalStream): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** In columns. Some terminals say 0 for unknown. */
export function widthOf({ columns }: TerminalStream): number {
  return columns || 80;
}
