import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { Logger } from '../../src/logger.js';
import { tokenValue } from '../../src/verification/token-value.js';

/** The password of every account these tests make: unique to the run, so that one trace of it anywhere is a leak. */
export const canaryPassword = `Kanarienvogel-${randomBytes(9).toString('hex')}`;

const texts: string[] = [];
const tokens = new Set<string>();
const others = new Map<string, string>();

/** A logger whose lines take part in the run's search for secrets. Every call is kept as JSON and as a person's console shows it. */
export function canaryLogger(): Logger & { events: string[] } {
  const events: string[] = [];
  const log = (level: string) => (data: { event: string }, message: string) => {
    events.push(data.event);
    overhear(JSON.stringify({ level, ...data, message }));
    overhear(inspect(data, { depth: 9, showHidden: true }));
  };
  return { events, debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** Adds what a child process wrote. */
export function overhear(text: string): void {
  texts.push(text);
}

export function keepSecret(what: string, value: string): void {
  others.set(value, what);
}

export function keepTokens(secret: string, tokenIds: readonly string[]): void {
  for (const id of tokenIds) tokens.add(tokenValue(secret, id));
}

export function heard(): { lines: number; tokens: number } {
  return { lines: texts.length, tokens: tokens.size };
}

/** What of the run's secrets stands in its logs, with the line it stands in. Empty when none does. */
export function leaks(): string[] {
  return texts.flatMap((text) => leaksOf(text).map((what) => `${what} in: ${text.slice(0, 300)}`));
}

/** What of the run's secrets stands in this text. */
export function leaksOf(text: string): string[] {
  const found: string[] = [];
  if (text.includes(canaryPassword)) found.push('the password');
  if (/\$2[aby]\$\d\d\$/.test(text)) found.push('a password hash');
  if (/[?&]token=/.test(text)) found.push('a link');
  // A masked address has a star before its @.
  if (/[\w.+-]@[\w-]+\.[\w.-]+/.test(text)) found.push('an address');
  for (const [uuid] of text.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi)) {
    if (tokens.has(uuid.toLowerCase())) found.push('a token');
  }
  for (const [value, what] of others) if (text.includes(value)) found.push(what);
  return found;
}
