import {
  ChallengeRequiredError,
  DatabaseError,
  EmailAlreadyRegisteredError,
  IdempotencyKeyReusedError,
  InviteInvalidError,
  SignUpRefusedError,
} from '../errors.js';
import { getOrMake } from '../get-or-make.js';
import { inTurn } from '../in-turn.js';
import type { Config } from '../options/options.js';
import type { KeyHashes } from './idempotency-key.js';

interface Once<T> {
  /** What the signup of this key was answered, if there was one. */
  find: () => Promise<T | undefined>;
  signUp: () => Promise<T>;
}

/**
 * Signs up once for a key, and finds what that was answered for everybody else who comes with it. In one process the
 * second waits for the first. A twin in another process is seen once it wrote: what it used up meanwhile (the address, a
 * use of an invite, a challenge) is no refusal.
 *
 * @throws IdempotencyKeyReusedError (`IDEMPOTENCY_KEY_REUSED`); what the two functions throw
 */
export function oncePerKey<T>(config: Config, key: KeyHashes, { find, signUp }: Once<T>): Promise<T> {
  const turns = getOrMake(underWay, config, () => new Map<string, Promise<unknown>>());
  // A challenge is spent when a signup begins, long before its row stands there to be found.
  return inTurn(turns, key.key.toString('base64'), async () => {
    const earlier = await find();
    if (earlier !== undefined) return earlier;
    try {
      return await signUp();
    } catch (error) {
      if (!mayBeOfTwin(error)) throw error;
      const meanwhile = await find();
      if (meanwhile !== undefined) return meanwhile;
      throw isKeyTaken(error) ? new IdempotencyKeyReusedError() : error;
    }
  });
}

/** By the configuration, which the contexts of an instance share: the last that is under way for each key. */
const underWay = new WeakMap<Config, Map<string, Promise<unknown>>>();

function mayBeOfTwin(error: unknown): boolean {
  const used = [EmailAlreadyRegisteredError, InviteInvalidError, ChallengeRequiredError, SignUpRefusedError];
  return isKeyTaken(error) || used.some((one) => error instanceof one);
}

/** Somebody else's statement wrote this key meanwhile. */
function isKeyTaken(error: unknown): boolean {
  return error instanceof DatabaseError && error.constraint === 'signup_keys_pkey';
}
