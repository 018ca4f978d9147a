import bcrypt from 'bcrypt';
import { ServiceUnavailableError } from '../errors.js';
import type { FaultCodeOf } from '../faults.js';

export type PasswordFault = FaultCodeOf<'PASSWORD'>;

/**
 * What is wrong with a password, or null. At least 8 code points (NIST SP
 * 800-63B section 5.1.1.2), at most 72 bytes in UTF-8 (bcrypt ignores the rest without a word: OWASP Password Storage
 * Cheat Sheet), no NUL (other bcrypts end there), no lone surrogate (two of them would hash alike). There are no rules
 * of composition, and the text is never trimmed, folded or normalised.
 */
export function passwordFault(text: string): PasswordFault | null {
  const fault = hashFault(text);
  if (fault !== null) return fault;
  return Array.from(text).length < 8 ? 'PASSWORD_TOO_SHORT' : null;
}

/** What bcrypt would take without complaint, and hash as something else. */
function hashFault(text: string): PasswordFault | null {
  if (Buffer.byteLength(text, 'utf8') > 72) return 'PASSWORD_TOO_LONG';
  if (text.includes('\0')) return 'PASSWORD_HOLDS_NUL';
  if (/\p{Surrogate}/u.test(text)) return 'PASSWORD_MALFORMED';
  return null;
}

export interface PasswordHasher {
  /**
   * The bcrypt hash (`$2b$`), after the hashes asked for before it. Rejects with ServiceUnavailableError at once when too
   * many are waiting, and with RangeError for a password that bcrypt would cut or change (see passwordFault).
   */
  hash(password: string, onAdmitted?: () => void): Promise<string>;
  /** @throws ServiceUnavailableError where `hash` would reject at once: before other work is done in vain */
  requireRoom(): void;
  /** How many hashes are waiting or running now. */
  readonly pending: number;
}

export interface PasswordHasherOptions {
  /** bcrypt's cost, from 4 to 15: the logarithm of the rounds. */
  cost: number;
  /** Hashes at a time, 1 or more. Below libuv's thread pool, which DNS and files share. */
  concurrency: number;
  /** Hashes that may wait besides those running, 0 or more. */
  maxQueue: number;
}

/**
 * A hasher behind a gate, first in first out. A hash takes a core for a quarter of a second at cost 12: without a
 * bound, a burst of signups would hold up everything else on the thread pool for as long as the burst lasts.
 *
 * Throws RangeError for options out of range (bcrypt itself would round a cost silently).
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const { cost, concurrency, maxQueue } = options;
  requireInteger('cost', cost, 4, 15);
  requireInteger('concurrency', concurrency, 1, Number.MAX_SAFE_INTEGER);
  requireInteger('maxQueue', maxQueue, 0, Number.MAX_SAFE_INTEGER);

  const waiting: (() => void)[] = [];
  let running = 0;

  function requireRoom(): void {
    if (running >= concurrency && waiting.length >= maxQueue) {
      throw new ServiceUnavailableError('hash-queue', false);
    }
  }

  return {
    requireRoom,
    async hash(password, onAdmitted) {
      const fault = hashFault(password);
      if (fault !== null) throw new RangeError(fault);

      requireRoom();
      if (running < concurrency) {
        running += 1;
      } else {
        await new Promise<void>((admit) => waiting.push(admit));
      }
      try {
        onAdmitted?.();
        // The salt here and now: left to bcrypt, it is two more jobs for libuv's threads, behind the hashes there.
        return await bcrypt.hash(password, bcrypt.genSaltSync(cost));
      } finally {
        // The place goes straight to the next in line, so that nobody can slip in between.
        const admitNext = waiting.shift();
        if (admitNext) admitNext();
        else running -= 1;
      }
    },
    get pending() {
      return running + waiting.length;
    },
  };
}

function requireInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be an integer from ${least} to ${most}`);
}
