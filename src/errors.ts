import { type ErrorCode, errorStatus } from './error-status.js';
import type { FaultDetail } from './faults.js';

export type { ErrorCode };

/** One wrong option: its name (empty where it is no single one) and what is wrong with it, never its value. */
export interface OptionFault {
  field: string;
  message: string;
}

/**
 * The base of everything this package throws on purpose: below it a table of them, as long as there are
 * failures. Messages are safe to show: they hold no input and no secret.
 */
export abstract class FluentMeetError extends Error {
  abstract readonly code: ErrorCode;
  override get name(): string {
    return this.constructor.name;
  }
  /** The HTTP status that the routes answer it with, and Express's own error handler. */
  get status(): number {
    return errorStatus[this.code];
  }
}

export interface PlainError<Code extends ErrorCode> extends FluentMeetError {
  readonly code: Code;
}

/** The class of a failure of which there is nothing to say but its code, always in these words. */
export function plain<const Code extends ErrorCode>(code: Code, message: string): new () => PlainError<Code> {
  return class extends FluentMeetError {
    readonly code = code;
    constructor() {
      super(message);
    }
  };
}

export class ValidationError extends FluentMeetError {
  readonly code = 'VALIDATION_ERROR';
  constructor(readonly details: readonly FaultDetail[]) {
    super('The request has invalid fields.');
  }
}

export class EmailAlreadyRegisteredError extends plain(
  'EMAIL_ALREADY_REGISTERED',
  'An account with this email already exists.',
) {}

/** The key came before, with another address or another password. */
export class IdempotencyKeyReusedError extends plain(
  'IDEMPOTENCY_KEY_REUSED',
  'This Idempotency-Key was used for another signup. Use a new one.',
) {}

export class SignupClosedError extends plain('SIGNUP_CLOSED', 'Registration is closed.') {}

export class InviteRequiredError extends plain('INVITE_REQUIRED', 'An invite is needed to register.') {}

/** One answer for an unknown, expired, revoked, spent or another person's invite: which one it is helps only a guesser. */
export class InviteInvalidError extends plain('INVITE_INVALID', 'This invite is not valid.') {}

/** The host's challenge was not answered, or not well. */
export class ChallengeRequiredError extends plain(
  'CHALLENGE_REQUIRED',
  'Please solve the challenge of this form and send it again.',
) {}

/**
 * A host's own no to a signup, thrown by its `beforeSignUp` and answered as it is.
 *
 * @throws RangeError where the answer would not be of the error schema
 */
export class SignUpRefusedError extends FluentMeetError {
  readonly code = 'SIGNUP_REFUSED';
  /** The `code` of the answer: capitals, digits and underscores. */
  readonly reason: string;
  readonly #status: number;
  constructor({ code, message, status = 403 }: { code: string; message: string; status?: number }) {
    super(message);
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(code)) throw new RangeError('code must be like DISPOSABLE_ADDRESS');
    if (!message) throw new RangeError('message must say why');
    if (!(Number.isInteger(status) && status >= 400 && status <= 499)) {
      throw new RangeError('status must be from 400 to 499');
    }
    this.reason = code;
    this.#status = status;
  }
  /** 400 to 499. Default 403. */
  override get status(): number {
    return this.#status;
  }
}

export class EmailNotVerifiedError extends plain(
  'EMAIL_NOT_VERIFIED',
  'The email address of this account is not verified yet.',
) {}

export class MissingTokenError extends plain('MISSING_TOKEN', 'The verification token is missing.') {}

export class InvalidTokenError extends plain('INVALID_TOKEN', 'This verification link is not valid.') {}

export class TokenExpiredError extends plain(
  'TOKEN_EXPIRED',
  'This verification link has expired. Ask for a new one.',
) {}

export class PasswordRequiredError extends plain(
  'PASSWORD_REQUIRED',
  'The password of this account is needed as well, or a new one.',
) {}

export class WrongPasswordError extends plain(
  'WRONG_PASSWORD',
  'This is not the password of this account. Set a new one if you did not choose it.',
) {}

/** The database cannot be reached, is out of connections or too slow, or too many passwords wait to be hashed. */
export class ServiceUnavailableError extends FluentMeetError {
  readonly code = 'SERVICE_UNAVAILABLE';
  /** PostgreSQL's, where it was PostgreSQL that refused. */
  readonly sqlState: string | undefined;
  constructor(
    readonly reason: 'database' | 'hash-queue',
    /** The statement was sent and no answer came: it may have been carried out. */
    readonly outcomeUnknown: boolean,
    options: ErrorOptions & { sqlState?: string | undefined } = {},
  ) {
    super('The service is temporarily unavailable. Try again in a moment.', options);
    this.sqlState = options.sqlState;
  }
}

/**
 * PostgreSQL refused a statement. Only the SQLSTATE, the constraint and a message known to hold no values are kept:
 * the driver's and Sequelize's own errors carry the statement's parameters, a password hash among them.
 */
export class DatabaseError extends FluentMeetError {
  readonly code = 'DATABASE_ERROR';
  constructor(
    message: string,
    readonly sqlState: string | undefined,
    /** The constraint that a statement violated, and the table it is of: with 23503 and 23001 what still refers to a row. */
    readonly constraint: string | undefined,
    readonly table?: string | undefined,
  ) {
    super(message);
  }
}

export class InvalidOptionsError extends FluentMeetError {
  readonly code = 'INVALID_OPTIONS';
  constructor(readonly details: readonly OptionFault[]) {
    super(
      `Invalid options: ${details.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ')}`,
    );
  }
}

/** A table of one of our names stands in the schema and was not made by our migrations. */
export class SchemaConflictError extends FluentMeetError {
  readonly code = 'SCHEMA_CONFLICT';
  constructor(schema: string, tables: readonly string[]) {
    super(
      `Schema "${schema}" already has ${tables.map((table) => `"${table}"`).join(', ')}, not made by this module. ` +
        'Name a schema of its own for it (option databaseSchema, variable FLUENTMEET_DATABASE_SCHEMA).',
    );
  }
}

export class SchemaAheadError extends FluentMeetError {
  readonly code = 'SCHEMA_AHEAD';
  constructor(readonly migrations: readonly string[]) {
    super(
      `The database is newer than this code: it has ${migrations.join(', ')}. Run the newer version of @fluentmeet/signup.`,
    );
  }
}

/** The database or its role cannot carry our tables. The message names the cure, a statement in SQL. */
export class UnsuitableDatabaseError extends FluentMeetError {
  readonly code = 'UNSUITABLE_DATABASE';
}

/** A hook of the host's threw, or took too long. Whatever it was to be part of is rolled back. */
export class HookFailedError extends FluentMeetError {
  readonly code = 'HOOK_FAILED';
  constructor(
    /** The name of the hook. */
    readonly hook: string,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`The hook ${hook} ${what}, and nothing was changed.`, options);
  }
}

/** One client has failed too often to log in to one mailbox. */
export class TooManyAttemptsError extends FluentMeetError {
  readonly code = 'RATE_LIMIT_EXCEEDED';
  constructor(
    /** When it may try again. */
    readonly retryAt: Date,
  ) {
    super('Too many failed attempts. Try again later.');
  }
}

/** An account cannot be removed while rows of the host's refer to it. */
export class AccountHeldError extends FluentMeetError {
  readonly code = 'ACCOUNT_HELD';
  constructor(
    /** The foreign key that holds it, and the table it is of. */
    readonly constraint: string | undefined,
    readonly table: string | undefined,
  ) {
    super(
      `This account cannot be removed: other rows refer to it (constraint ${constraint ?? 'unknown'} of table ${table ?? 'unknown'}).`,
    );
  }
}

export class NotFoundError extends FluentMeetError {
  readonly code = 'NOT_FOUND';
}

/** Whatever this package throws on purpose, told apart by `code`: each has the details of its own. */
export type KnownError =
  | ValidationError
  | EmailAlreadyRegisteredError
  | IdempotencyKeyReusedError
  | SignupClosedError
  | InviteRequiredError
  | InviteInvalidError
  | SignUpRefusedError
  | ChallengeRequiredError
  | PasswordRequiredError
  | WrongPasswordError
  | EmailNotVerifiedError
  | MissingTokenError
  | InvalidTokenError
  | TokenExpiredError
  | ServiceUnavailableError
  | DatabaseError
  | InvalidOptionsError
  | SchemaConflictError
  | SchemaAheadError
  | UnsuitableDatabaseError
  | HookFailedError
  | TooManyAttemptsError
  | AccountHeldError
  | NotFoundError;

/** So that `switch (error.code)` narrows to the details of the one error. */
export function isFluentMeetError(error: unknown): error is KnownError {
  return error instanceof FluentMeetError;
}
