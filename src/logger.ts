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

/** A logger that one function makes, level by level. */
export function loggerOf(log: (level: keyof Logger) => (data: LogData, message: string) => void): Logger {
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
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

/** A host's logger that cannot throw, nor reject where it is async: nothing that was done is undone, and no answer changed, because a line was not written. */
export function harmlessLogger(logger: Logger): Logger {
  return loggerOf((level) => (data, message) => {
    // Nobody is left to be told.
    (async () => logger[level](data, message))().catch(() => undefined);
  });
}

/** `ada.lovelace@example.com` → `a***@example.com`: enough to find the account by its domain, not to write to it. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first] = address;
  return at < 1 ? '***' : `${first}***${address.slice(at)}`;
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
    message: errorText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause instanceof Error ? { cause: errorText(causeText(error.cause)) } : {}),
  };
}

/** Sequelize says "Validation error" of a constraint, whose name node-postgres has. */
function causeText(cause: Error & { parent?: { constraint?: unknown } }): string {
  const constraint = cause.parent?.constraint;
  return typeof constraint === 'string' ? `${cause.message} (${constraint})` : cause.message;
}

const longestText = 500;
/** A verification token: a UUID, version 8, whose hyphens a server may have made something else of. */
const token = new RegExp(
  ['[0-9a-f]{8}', '[0-9a-f]{4}', '8[0-9a-f]{3}', '[89ab][0-9a-f]{3}', '[0-9a-f]{12}'].join('[^0-9a-z]{0,3}'),
  'gi',
);
/** More is not looked at: the patterns below take longer than that for a hostile text. */
const mostRead = 2_000;

/** PostgreSQL takes no NUL, and a line of the log is one line. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

/** Its first UTF-16 units, so many at most, without half a character at their end. */
export function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

/**
 * An error's text as it may be logged and stored: one line, with addresses masked and without tokens or credentials,
 * whatever a hook of the host's or the server at the other end quoted.
 */
export function errorText(text: string): string {
  const masked = oneLine(cut(text, mostRead))
    .replace(/\/\/[^\s/@]+@/g, '//***@')
    .replace(/[^\s<>"'(),;:/@*]+@[^\s<>"'(),;:/@]+/g, maskEmailAddress)
    .replace(/%2d|=2d/gi, '-')
    .replace(token, '…');
  return cut(masked, longestText);
}
