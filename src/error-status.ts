/**
 * Every code that an error of this package carries, and its HTTP status: those of the routes stand in the contract's
 * error table, what is 500 is no client's business.
 */
export const errorStatus = {
  VALIDATION_ERROR: 400,
  INVALID_JSON: 400,
  MISSING_TOKEN: 400,
  INVALID_TOKEN: 400,
  TOKEN_EXPIRED: 400,
  SIGNUP_CLOSED: 403,
  INVITE_REQUIRED: 403,
  INVITE_INVALID: 403,
  SIGNUP_REFUSED: 403,
  CHALLENGE_REQUIRED: 403,
  EMAIL_NOT_VERIFIED: 403,
  PASSWORD_REQUIRED: 403,
  WRONG_PASSWORD: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  EMAIL_ALREADY_REGISTERED: 409,
  ACCOUNT_HELD: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMIT_EXCEEDED: 429,
  INVALID_OPTIONS: 500,
  SCHEMA_CONFLICT: 500,
  SCHEMA_AHEAD: 500,
  UNSUITABLE_DATABASE: 500,
  DATABASE_ERROR: 500,
  HOOK_FAILED: 500,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const satisfies Record<string, number>;

/** Those of errors: what has no code of ours is answered as INTERNAL_SERVER_ERROR. */
export type ErrorCode = Exclude<keyof typeof errorStatus, 'INTERNAL_SERVER_ERROR'>;
