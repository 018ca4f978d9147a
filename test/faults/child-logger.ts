import type { LogData, Logger } from '../../src/logger.js';

/** A JSON line an event on stderr, for the harness to count. One line a published email would cost more than publishing. */
export function childLogger(): Logger {
  const log = (level: string) => (data: LogData, message: string) => {
    if (level === 'debug' || data.event === 'email.published' || data.event === 'user.signed-up') return;
    process.stderr.write(`${JSON.stringify({ level, ...data, message })}\n`);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
