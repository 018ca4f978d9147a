import type { Transaction } from 'sequelize';
import { lostRace } from './database/database-error.js';
import { withDeadline } from './deadline.js';
import { type FluentMeetError, HookFailedError, ServiceUnavailableError } from './errors.js';
import type { ChosenFields } from './signup/signup-input.js';
import type { PublicProfile } from './users/public-profile.js';

/** What a host adds to the life of an account. Each has 5 seconds. */
export interface Hooks {
  /**
   * Asked after the validation, the challenge and the invite, and before the address is looked up or anything hashed. Throws a `SignUpRefusedError` to refuse; what else
   * it throws is a fault of its own (500).
   */
  beforeSignUp?: ((attempt: SignUpAttempt) => void | Promise<void>) | undefined;
  /**
   * An account was verified, by its link or by an operator, in this transaction: what it throws leaves the account
   * unverified. May run again for the same account, where the transaction lost a race: effects outside the database
   * belong after it.
   */
  onVerified?: ((account: PublicProfile, event: VerifiedEvent) => void | Promise<void>) | undefined;
  /**
   * An account is about to be removed in this transaction: rows of the host's that refer to it can go first. What it
   * throws leaves the account where it is. May run again, like `onVerified`.
   */
  onRemoved?: ((account: PublicProfile, event: RemovedEvent) => void | Promise<void>) | undefined;
}

/** Who wants to sign up, in canonical form. Never the password. */
export interface SignUpAttempt extends Readonly<ChosenFields> {
  readonly email: string;
  /** Where it comes from, as the rate limiter counts clients; undefined for calls without one. */
  readonly client: string | undefined;
  /** True for `fluentmeet register`. */
  readonly operator: boolean;
}

export interface VerifiedEvent {
  readonly transaction: Transaction;
  readonly by: 'link' | 'operator';
}

export interface RemovedEvent {
  readonly transaction: Transaction;
  /** "This wasn't me", `users erase` or `eraseUser`, `users purge-unverified`, or the option `unverifiedRetention`. */
  readonly by: 'owner' | 'erasure' | 'purge' | 'retention';
}

/** Milliseconds: a transaction is held open meanwhile, or a person waits. */
const patience = 5_000;

/**
 * Runs one hook within its deadline.
 *
 * @throws HookFailedError (`HOOK_FAILED`) for whatever it throws, but for what ends a transaction that is worth another try
 */
export async function runHook(
  name: keyof Hooks | 'challenge',
  hook: () => void | Promise<void>,
  passes: (error: unknown) => boolean = () => false,
): Promise<void> {
  try {
    await withDeadline(
      (async () => hook())(),
      patience,
      () => new HookFailedError(name, 'took longer than 5 s'),
    );
  } catch (error) {
    if (passes(error) || lostRace(error) || isOurs(error)) throw error;
    throw new HookFailedError(name, 'failed', { cause: error });
  }
}

/** A database that went away under a hook is no fault of the hook's. */
function isOurs(error: unknown): error is FluentMeetError {
  return error instanceof HookFailedError || error instanceof ServiceUnavailableError;
}
