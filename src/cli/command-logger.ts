import { type Logger, loggerOf } from '../logger.js';
import { styled } from './terminal/cell.js';
import type { Output } from './terminal/output.js';

export interface CommandLoggerOptions {
  /** The least that is said: debug, info, warn, error or silent (LOG_LEVEL's words). */
  level: string;
  /** Whether a line begins with the time of day. */
  time?: boolean;
  /** Who the operator says to be: what they do is said at every level, with its time. */
  operator?: string;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Whether a line of this level is not said where `least` is the least that is. */
export function isBelow(least: string, level: keyof Logger): boolean {
  return levels.indexOf(level) < levels.indexOf(least);
}

/** The core's events for a person at a terminal: one line each, on stderr. */
export function createCommandLogger(
  output: Output,
  { level, time = false, operator }: CommandLoggerOptions,
): Logger {
  return loggerOf((own) => (data, message) => {
    const isAct = operator !== undefined && data.event.startsWith('operator.');
    if (!isAct && isBelow(level, own)) return;
    const { event, ...rest } = data;
    const act = isAct ? { by: operator, at: new Date().toISOString() } : {};
    const facts = Object.entries({ ...rest, ...act }).map(([name, value]) => `${name}=${textOf(value)}`);
    output.note(
      ...(time ? [styled('dim', `${new Date().toTimeString().slice(0, 8)} `)] : []),
      styled(own === 'error' ? 'red' : own === 'warn' ? 'yellow' : 'dim', own.padEnd(5)),
      ` ${message}`,
      styled('dim', ` ${[event, ...facts].join(' ')}`),
    );
  });
}

/** As it is where it is one word: what somebody wrote can then pass for no other fact of the line. */
function textOf(value: unknown): string {
  return typeof value === 'string' && /^[^\s="]+$/.test(value) ? value : JSON.stringify(value);
}
