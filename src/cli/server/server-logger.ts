import { pino } from 'pino';
import type { Logger } from '../../logger.js';
import type { Io } from '../io.js';
import { printable } from '../printable.js';

/** JSON lines on stderr, by pino. One line an event, whatever it holds: pino leaves some control characters as they are. */
export function createServerLogger(io: Io, level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void io.stderr.write(`${printable(line.trimEnd())}\n`) },
  );
}
