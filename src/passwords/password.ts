import { createHashQueue, type HashQueueOptions, type HashShare } from './hash-queue.js';
import type { FaultCodeOf } from '../faults.js';
import { type ForeignHashes, isForeignHash, verifyForeignHash } from './foreign-hashes.js';
import { comparePassword, hashPassword, isOutdatedHash, spendHash, verifyPassword } from './password-hash.js';

export type PasswordFault = FaultCodeOf<'PASSWORD'>;

/**
 * What is wrong with a password, or null. At least 8 code points (ASVS 5.0 6.2.1; NIST SP 800-63B-4 section
 * 3.1.1.2 asks for 15 where there is no second factor), each one character (the same section), at most 1,000, no
 * NUL (other bcrypts end there), no lone surrogate (two of them would hash alike). There are no rules of composition,
 * and the text is never trimmed, folded or normalised.
 */
export function passwordFault(text: string): PasswordFault | null {
  if (text === '') return 'PASSWORD_MISSING';
  // UTF-16 units first: a hostile megabyte is not worth counting.
  const points = text.length > 2000 ? Infinity : Array.from(text).length;
  if (points > 1000) return 'PASSWORD_TOO_LONG';
  return hashFault(text) ?? (points < 8 ? 'PASSWORD_TOO_SHORT' : null);
}

/** What bcrypt would take without complaint, and hash as something else. */
function hashFault(text: string): PasswordFault | null {
  if (text.includes('\0')) return 'PASSWORD_HOLDS_NUL';
  return /\p{Surrogate}/u.test(text) ? 'PASSWORD_MALFORMED' : null;
}

/** In whose name hashes are asked for. */
export interface HashRequest {
  /** Who asks, as the rate limiter counts clients: none may hold more than a quarter of the places. */
  client?: string | undefined;
  /** Signups and log-ins wait apart. Default `signup`. */
  share?: HashShare | undefined;
  /** Throws where nobody waits for the answer: asked at once, and again when the turn has come, seconds later perhaps. */
  requireAsker?: (() => void) | undefined;
}

export interface PasswordHasherOptions extends HashQueueOptions {
  /** bcrypt's cost, from 4 to 15: the logarithm of the rounds. */
  cost: number;
  /** The host's, for what is none of ours. */
  foreign?: ForeignHashes | undefined;
}

export interface PasswordHasher {
  /** @throws ServiceUnavailableError where `hash` would reject at once: before other work is done in vain */
  requireRoom(): void;
  /**
   * The hash (see `hashPassword`), after what was asked for before it.
   *
   * @throws ServiceUnavailableError at once when too many are waiting
   * @throws RangeError for a password that bcrypt would change (see `passwordFault`)
   */
  hash(password: string): Promise<string>;
  /**
   * Whether it is the password of this hash (see `verifyPassword`, and for others the host's `foreignHashes`), in the same
   * queue.
   *
   * @throws ServiceUnavailableError, HookFailedError
   */
  verify(password: string, hash: string): Promise<boolean>;
  /**
   * The same in the time of one hash at the present cost, also where there is none (see `comparePassword`). What the host
   * verifies takes the longer of that and of its own time.
   *
   * @throws ServiceUnavailableError, HookFailedError
   */
  compare(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether `hash` would make another kind of hash. */
  isOutdated(password: string, hash: string): boolean;
  /** How many hashes are waiting or running now. */
  readonly pending: number;
  /** The same hasher, asked in another name. */
  as(request: HashRequest): PasswordHasher;
}

export function createPasswordHasher({ cost, foreign, ...places }: PasswordHasherOptions): PasswordHasher {
  const queue = createHashQueue(places);
  const as = ({ client, share, requireAsker }: HashRequest): PasswordHasher => {
    const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
      requireAsker?.();
      const admitted = async (): Promise<T> => {
        requireAsker?.();
        return work();
      };
      return queue.run(admitted, client, share);
    };
    return {
      requireRoom: () => queue.requireRoom(client, share),
      async hash(password) {
        const fault = hashFault(password);
        if (fault !== null) throw new RangeError(fault);
        return inTurn(() => hashPassword(password, cost));
      },
      verify: (password, hash) =>
        inTurn(async () =>
          foreign && isForeignHash(foreign, hash)
            ? verifyForeignHash(foreign, password, hash)
            : verifyPassword(password, hash),
        ),
      compare: (password, hash) =>
        inTurn(async () => {
          if (!(foreign && hash !== undefined && isForeignHash(foreign, hash))) {
            return comparePassword(password, hash, cost);
          }
          // Side by side, so that who has such a hash is not told from nobody by a verifier that is faster.
          const [verified] = await Promise.allSettled([
            verifyForeignHash(foreign, password, hash),
            spendHash(cost),
          ]);
          if (verified.status === 'rejected') throw verified.reason;
          return verified.value;
        }),
      isOutdated: (password, hash) => isOutdatedHash(password, hash, cost),
      get pending() {
        return queue.pending;
      },
      as,
    };
  };
  return as({});
}
