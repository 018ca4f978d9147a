import { userInfo } from 'node:os';
import { UsageError } from './cli-error.js';
import { createCommandLogger } from './command-logger.js';
import type { Interruption } from './interruption.js';
import type { Io } from './terminal/io.js';
import { createOutput, type Output } from './terminal/output.js';
import { createPrompts, type Prompts } from './terminal/prompts.js';
import { isOneLine } from '../is-one-line.js';
import { type Logger, maskEmailAddress } from '../logger.js';

/** What every command works with. */
export interface Cli {
  readonly io: Io;
  readonly output: Output;
  readonly prompts: Prompts;
  readonly mask: Mask;
  /**
   * For commands that end by themselves: warnings, errors and what an operator does as lines on stderr; everything with
   * `--debug`.
   */
  readonly logger: Logger;
  /** Ctrl-C, SIGTERM and SIGHUP from now on abort this signal, and the command ends by itself. Until asked, they end the process. */
  interruption(): AbortSignal;
}

/** Addresses as they may be shown: in part, unless `--reveal`. */
export interface Mask {
  address(address: string): string;
}

/** The flags that several commands have; each command's own come on top. */
export interface GlobalFlags {
  debug?: boolean;
  /** A module whose default export is the host's options. */
  config?: string;
  /** Who the operator says to be. */
  as?: string;
  /** false with `--no-input`. */
  input?: boolean;
  json?: boolean;
  reveal?: boolean;
  /** Always refused. */
  password?: unknown;
}

/** @throws UsageError for a password in an argument, and for a name that is none */
export function createCli(io: Io, flags: GlobalFlags, interruption: Interruption): Cli {
  refusePasswordArgument(flags);
  const output = createOutput(io, { json: flags.json === true, config: flags.config });
  return {
    io,
    output,
    prompts: createPrompts(io, { noInput: flags.input === false }),
    mask: createMask(flags.reveal === true),
    logger: createCommandLogger(output, {
      level: flags.debug === true ? 'debug' : 'warn',
      operator: operatorName(flags.as),
    }),
    interruption: () => interruption.take(),
  };
}

function refusePasswordArgument({ password }: GlobalFlags): void {
  if (password === undefined) return;
  throw new UsageError(
    '--password is refused: arguments stand in the list of processes and in the shell history',
    'Give it by prompt, or with --password-stdin.',
  );
}

export function createMask(reveal: boolean): Mask {
  return { address: reveal ? (address) => address : maskEmailAddress };
}

/** Who the operator says to be: `--as`, by default the system's user. It stands in the log beside what they do. */
export function operatorName(given: string | undefined): string {
  const name = given?.trim() ?? systemUser();
  if (name !== '' && isOneLine(name, 100)) return name;
  throw new UsageError('--as needs a name of 100 characters at most, in one line');
}

/** A process in a container may run under a number that has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
