/**
 * What this module needs of a logger: pino's shape, data first. Any pino, bunyan-like or test object fits.
 * Every call carries `event`, a stable dotted name, and no secret; addresses are masked.
 */
export interface Logger {
  debug(data: LogData, message: string): void;
  info(data: LogData, message: string): void;
  warn(data: LogData, message: string): void;
  error(data: LogData, message: string): void;
}

export interface LogData {
  event: string;
  [key: string]: unknown;
}

/** The default of the library: warnings and errors as one JSON line each on stderr, nothing else. */
export const consoleLogger: Logger = {
  debug() {},
  info() {},
  warn(data, message) {
    console.warn(JSON.stringify({ level: 'warn', ...data, message }));
  },
  error(data, message) {
    console.error(JSON.stringify({ level: 'error', ...data, message }));
  },
};

/** A host's logger that cannot throw: nothing that was done is undone, and no answer changed, because a line was not written. */
export function harmlessLogger(logger: Logger): Logger {
  const log =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (data: LogData, message: string): void => {
      try {
        logger[level](data, message);
      } catch {
        // Nobody is left to be told.
      }
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** `ada.lovelace@example.com` → `a***@example.com`: enough to find the account by its domain, not to write to it. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '***' : `${address[0]}***${address.slice(at)}`;
}

/** What may be logged of an error: its name, code and message. Never the object: its fields can hold a statement's parameters. */
export function describeError(error: unknown): {
  name: string;
  message: string;
  code?: string;
  cause?: string;
} {
  if (!(error instanceof Error))
    return { name: 'NonError', message: 'a value that is not an Error was thrown' };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause instanceof Error ? { cause: error.cause.message } : {}),
  };
}
