import type { ChosenFields } from './signup-input.js';

/**
 * A signup that is checked and hashed and only has to be written: what `prepareSignUp` makes and `signUp` takes.
 * Its fields are private where a logger or `JSON.stringify` would find them.
 */
export class PreparedSignUp {
  readonly #user: NewUser;
  readonly #inviteHash: Buffer | undefined;

  constructor(user: NewUser, inviteHash: Buffer | undefined) {
    this.#user = user;
    this.#inviteHash = inviteHash;
  }

  static contentOf(prepared: PreparedSignUp): { user: NewUser; inviteHash: Buffer | undefined } {
    return { user: prepared.#user, inviteHash: prepared.#inviteHash };
  }
}

/** What was asked for, with the hash in the password's place. */
export type NewUser = ChosenFields & {
  email: string;
  hashed_password: string;
  /** Of the terms that the person accepted. */
  terms_version?: string | undefined;
};
