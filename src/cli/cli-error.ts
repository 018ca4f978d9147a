/** What a script can tell apart. Anything a command can end with is one of these. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Wrong usage or bad input. */
  usage: 2,
  /** Already registered, or an operator holds all mail back. */
  conflict: 3,
  /** Something needed (database, Kafka) is unreachable. */
  unreachable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface CliErrorOptions {
  /** Default 1, failed. */
  exitCode?: ExitCode;
  /** Shown below the message, one a line. */
  details?: readonly string[];
  /** The next step, shown last. */
  advice?: string | undefined;
  cause?: unknown;
}

/** How a command ends with another code than 0: `main` prints the message and the advice on stderr, no command does. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly exitCode: ExitCode;
  readonly details: readonly string[];
  readonly advice: string | undefined;

  constructor(
    message: string,
    { exitCode = exitCodes.failed, details = [], advice, cause }: CliErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.details = details;
    this.advice = advice;
  }
}

/** Wrong flags, or input that cannot be used: exit code 2. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
  constructor(message: string, advice?: string, more: Pick<CliErrorOptions, 'details' | 'cause'> = {}) {
    super(message, { ...more, exitCode: exitCodes.usage, advice });
  }
}
