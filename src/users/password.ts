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

export interface HashRequest {
  /** Who asks, as the rate limiter counts clients: none may hold more than a quarter of the places. */
  client?: string | undefined;
  /** Signups and log-ins wait apart. Default `signup`. */
  share?: HashShare | undefined;
  /** Called when the turn has come, before the work: what it throws ends it. */
  onAdmitted?: (() => void) | undefined;
}

export interface PasswordHasherOptions extends HashQueueOptions {
  /** bcrypt's cost, from 4 to 15: the logarithm of the rounds. */
  cost: number;
  /** The host's, for what is none of ours. */
  foreign?: ForeignHashes | undefined;
}

export type PasswordHasher = ReturnType<typeof createPasswordHasher>;

export function createPasswordHasher({ cost, foreign, ...places }: PasswordHasherOptions) {
  const queue = createHashQueue(places);
  const inTurn = <T>({ client, share, onAdmitted }: HashRequest, work: () => Promise<T>): Promise<T> =>
    queue.run(
      async () => {
        onAdmitted?.();
        return await work();
      },
      client,
      share,
    );
  return {
    /** @throws ServiceUnavailableError where `hash` would reject at once: before other work is done in vain */
    requireRoom: (client?: string, share?: HashShare) => queue.requireRoom(client, share),
    /**
     * The hash (see `hashPassword`), after what was asked for before it.
     *
     * @throws ServiceUnavailableError at once when too many are waiting
     * @throws RangeError for a password that bcrypt would change (see `passwordFault`)
     */
    async hash(password: string, request: HashRequest = {}): Promise<string> {
      const fault = hashFault(password);
      if (fault !== null) throw new RangeError(fault);
      return inTurn(request, () => hashPassword(password, cost));
    },
    /**
     * Whether it is the password of this hash (see `verifyPassword`, and for others the host's `foreignHashes`), in the same
     * queue.
     *
     * @throws ServiceUnavailableError, HookFailedError
     */
    verify: (password: string, hash: string, request: HashRequest = {}): Promise<boolean> =>
      inTurn(request, async () =>
        foreign && isForeignHash(foreign, hash)
          ? verifyForeignHash(foreign, password, hash)
          : verifyPassword(password, hash),
      ),
    /**
     * The same in the time of one hash at the present cost, also where there is none (see `comparePassword`). What the host
     * verifies takes the longer of that and of its own time.
     *
     * @throws ServiceUnavailableError, HookFailedError
     */
    compare: (password: string, hash: string | undefined, request: HashRequest = {}): Promise<boolean> =>
      inTurn(request, async () => {
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
    /** Whether `hash` would make another kind of hash. */
    isOutdated: (password: string, hash: string) => isOutdatedHash(password, hash, cost),
    /** How many hashes are waiting or running now. */
    get pending(): number {
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
    verify: (password, hash) => hasher.verify(password, hash, { client, onAdmitted }),
    compare: (password, hash) => hasher.compare(password, hash, { client, onAdmitted }),
    isOutdated: (password, hash) => hasher.isOutdated(password, hash),
    requireRoom: () => hasher.requireRoom(client),
    get pending() {
      return hasher.pending;
    },
  };
}
