import type { LogData, Logger } from '../../src/logger.js';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  data: LogData;
  message: string;
}

export interface CapturedLogger extends Logger {
  readonly entries: LogEntry[];
  /** Everything as one text, a line of JSON an entry: for asserting what must not stand in it. */
  text(): string;
}

/** A logger of pino's shape that keeps what it is told. */
export function captureLogger(): CapturedLogger {
  const entries: LogEntry[] = [];
  const keep = (level: LogEntry['level']) => (data: LogData, message: string) => {
    entries.push({ level, data, message });
  };
  return {
    entries,
    text: () => entries.map((entry) => JSON.stringify(entry, withErrors)).join('\n'),
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}

/** An Error is `{}` to JSON; here it shows all that a real logger could print of it. */
function withErrors(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const names = Object.getOwnPropertyNames(value) as (keyof Error)[];
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}
