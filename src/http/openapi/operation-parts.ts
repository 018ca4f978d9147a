import { errorStatus } from '../../error-status.js';
import type { ErrorCode } from '../../errors.js';
import { mostBytes, mostFields } from '../read-body.js';

export type Failure = ErrorCode | 'INTERNAL_SERVER_ERROR';

export const commonFailures: readonly Failure[] = [
  'METHOD_NOT_ALLOWED',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
];

export const bodyFailures: readonly Failure[] = [
  'VALIDATION_ERROR',
  'INVALID_JSON',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  ...commonFailures,
];

const rateLimitHeaders = {
  RateLimit: {
    description: 'What is left of the budget (draft-ietf-httpapi-ratelimit-headers-08).',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': { description: 'The budget.', schema: { type: 'string' } },
};

/** An answer of this schema, or with examples of it. */
export function answer(description: string, schema: object, more: object = {}) {
  return { description, headers: rateLimitHeaders, content: { 'application/json': { schema, ...more } } };
}

export function ok(description: string, example: { status: 'ok'; message: string }) {
  return answer(description, reference('Ok'), { example });
}

export function reference(schema: string) {
  return { $ref: `#/components/schemas/${schema}` };
}

export function jsonBody(schema: string) {
  return {
    required: true,
    description: `${mostBytes / 1024} kB at most, in UTF-8.`,
    content: { 'application/json': { schema: reference(schema) } },
  };
}

export function optionsOperation(operationId: string, allow: string) {
  return {
    operationId,
    summary: 'Which methods there are',
    responses: {
      204: {
        description: 'Nothing but the header.',
        headers: { Allow: { schema: { type: 'string', const: allow } } },
      },
    },
  };
}

/** The responses for these codes, and for a host's own where it refuses; one for each status of the error table; as a page, too, where people read them. */
export function describeFailures(
  failures: readonly Failure[],
  page: Readonly<Record<string, unknown>> = {},
  { hostRefuses = false } = {},
): Record<string, unknown> {
  const responses: Record<string, unknown> = {};
  const anyError = { 'application/json': { schema: reference('Error') } };
  if (hostRefuses) responses['4XX'] = { description: "A refusal of the host's own.", content: anyError };
  for (const status of new Set(failures.map((code) => errorStatus[code]))) {
    const codes = failures.filter((code) => errorStatus[code] === status);
    responses[status] = {
      description: codes.map((code) => descriptions[code] ?? code).join(' '),
      headers: Object.fromEntries(
        (headers[status] ?? []).map((name) => [name, { schema: { type: 'string' } }]),
      ),
      content: {
        'application/json': {
          schema: {
            allOf: [reference('Error')],
            // A host's own codes come with whatever status it gives them.
            properties: { code: { type: 'string', ...(hostRefuses && status < 500 ? {} : { enum: codes }) } },
          },
        },
        ...page,
      },
    };
  }
  return responses;
}

const headers: Readonly<Record<number, readonly string[]>> = {
  405: ['Allow'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

const descriptions: Readonly<Partial<Record<Failure, string>>> = {
  VALIDATION_ERROR: 'Every fault of the input at once, in `details`.',
  INVALID_JSON: 'The body does not parse.',
  MISSING_TOKEN: 'There is no token.',
  INVALID_TOKEN: 'The token is not one of a pending account.',
  TOKEN_EXPIRED: 'The link has expired: ask for a new one.',
  SIGNUP_CLOSED: 'Nobody may sign up.',
  CHALLENGE_REQUIRED: 'The host set a challenge, and it was not answered, or not well.',
  INVITE_REQUIRED: 'An invite is needed.',
  INVITE_INVALID: 'The invite is unknown, expired, revoked, used up or for another address.',
  PASSWORD_REQUIRED: 'The host asks for the password as well, or a new one.',
  WRONG_PASSWORD: 'It is not the password of the signup.',
  METHOD_NOT_ALLOWED: 'For every other method.',
  IDEMPOTENCY_KEY_REUSED: 'The key came before, with another address or password.',
  NOT_FOUND: 'No signup of the last day came with this key.',
  ACCOUNT_HELD: 'Rows of the host’s refer to the account that was to be removed.',
  EMAIL_ALREADY_REGISTERED: 'There is an account with this address.',
  PAYLOAD_TOO_LARGE: `The body is larger than ${mostBytes / 1024} kB, inflated, or a form has more than ${mostFields} fields.`,
  UNSUPPORTED_MEDIA_TYPE: 'The body is not JSON, not UTF-8, or without a content type.',
  RATE_LIMIT_EXCEEDED: 'Too many requests from this address.',
  INTERNAL_SERVER_ERROR: 'Something went wrong.',
  SERVICE_UNAVAILABLE: 'The database is unreachable, or too many passwords wait to be hashed.',
};
