import { type Logger, loggerOf } from '../../logger.js';
import { isBelow } from '../command-logger.js';
import type { Io } from '../terminal/io.js';
import { printable } from '../terminal/printable.js';

/** JSON lines on stderr, one an event, whatever it holds. In pino's form: `level`, `time`, the event's data, `msg`. */
export function createServerLogger(io: Pick<Io, 'stderr'>, level: string): Logger {
  return loggerOf((name) => {
    if (isBelow(level, name)) return () => {};
    return (data, msg) => {
      const time = new Date().toISOString();
      io.stderr.write(`${printable(asJson({ level: name, time, ...data, msg }, data.event))}\n`);
    };
  });
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
