/**
 * A signup that is checked and hashed and only has to be written: what `prepareSignUp` makes and `signUp` takes.
 * Its fields are private where a logger or `JSON.stringify` would find them.
 */
export class PreparedSignUp {
  readonly #user: NewUser;
  readonly #inviteHash: Buffer | undefined;
  readonly #databaseTime: number;

  /** @param databaseTime milliseconds that the database has taken of the caller's patience already */
  constructor(user: NewUser, inviteHash: Buffer | undefined, databaseTime = 0) {
    this.#user = user;
    this.#inviteHash = inviteHash;
    this.#databaseTime = databaseTime;
  }

  static contentOf(prepared: PreparedSignUp): { user: NewUser; inviteHash: Buffer | undefined } {
    return { user: prepared.#user, inviteHash: prepared.#inviteHash };
  }

  static databaseTimeOf(prepared: PreparedSignUp): number {
    return prepared.#databaseTime;
  }
}

export interface NewUser {
  email: string;
  hashedPassword: string;
  fullName: string | null;
  speakingLanguage: string;
  listeningLanguage: string;
}
