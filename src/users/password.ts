import bcrypt from 'bcrypt';
import { createHashQueue, type HashQueueOptions } from './hash-queue.js';
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
  hash(password: string, request?: HashRequest): Promise<string>;
  /** @throws ServiceUnavailableError where `hash` would reject at once: before other work is done in vain */
  requireRoom(client?: string): void;
  /** How many hashes are waiting or running now. */
  readonly pending: number;
}

export interface HashRequest {
  /** Who asks, as the rate limiter counts clients: none may hold more than a quarter of the places. */
  client?: string | undefined;
  /** Called when the turn has come, before the work: what it throws ends it. */
  onAdmitted?: (() => void) | undefined;
}

export interface PasswordHasherOptions extends HashQueueOptions {
  /** bcrypt's cost, from 4 to 15: the logarithm of the rounds. */
  cost: number;
}

/** @throws RangeError for options out of range (bcrypt itself would round a cost silently) */
export function createPasswordHasher({ cost, ...places }: PasswordHasherOptions): PasswordHasher {
  if (!(Number.isInteger(cost) && cost >= 4 && cost <= 15)) {
    throw new RangeError('cost must be an integer from 4 to 15');
  }
  const queue = createHashQueue(places);
  return {
    requireRoom: (client) => queue.requireRoom(client),
    async hash(password, { client, onAdmitted } = {}) {
      const fault = hashFault(password);
      if (fault !== null) throw new RangeError(fault);
      return queue.run(async () => {
        onAdmitted?.();
        // The salt here and now: left to bcrypt, it is two more jobs for libuv's threads, behind the hashes there.
        return await bcrypt.hash(password, bcrypt.genSaltSync(cost));
      }, client);
    },
    get pending() {
      return queue.pending;
    },
  };
}

/** The same hasher, asked in this client's name. */
export function hasherFor(
  hasher: PasswordHasher,
  client: string | undefined,
  onAdmitted?: () => void,
): PasswordHasher {
  return {
    hash: (password) => hasher.hash(password, { client, onAdmitted }),
    requireRoom: () => hasher.requireRoom(client),
    get pending() {
      return hasher.pending;
    },
  };
}
