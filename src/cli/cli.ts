import { UsageError } from './cli-error.js';
import { createCommandLogger } from './command-logger.js';
import type { Interruption } from './interruption.js';
import type { Io } from './io.js';
import { createMask, type Mask } from './masking.js';
import { operatorName } from './operator.js';
import { createOutput, type Output } from './output.js';
import { createPrompts, type Prompts } from './prompts.js';
import type { Logger } from '../logger.js';

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
  const output = createOutput(io, flags.json === true);
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
