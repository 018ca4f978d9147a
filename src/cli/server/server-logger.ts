import type { LogData, Logger } from '../../logger.js';
import type { Io } from '../io.js';
import { printable } from '../printable.js';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** JSON lines on stderr, one an event, whatever it holds. In pino's form: `level`, `time`, the event's data, `msg`. */
export function createServerLogger(io: Pick<Io, 'stderr'>, level: string): Logger {
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => {
    if (levels.indexOf(name) < levels.indexOf(level)) return () => {};
    return (data: LogData, msg: string): void => {
      const time = new Date().toISOString();
      io.stderr.write(`${printable(asJson({ level: name, time, ...data, msg }, data.event))}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** What a hook or a publisher of the operator's own put into the data may be circular, or a bigint. */
function asJson(line: { level: string; time: string; msg: string }, event: string): string {
  try {
    return JSON.stringify(line);
  } catch {
    const { level, time, msg } = line;
    return JSON.stringify({ level, time, event, msg });
  }
}
