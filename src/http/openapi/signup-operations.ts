import type { Config } from '../../options.js';
import { signUpRequested } from '../signup-endpoint.js';
import { challengeOperation } from './challenge-operation.js';
import { describeFailures } from './describe-failures.js';
import {
  bodyFailures,
  commonFailures,
  jsonBody,
  ok,
  optionsOperation,
  rateLimitHeaders,
} from './operation-parts.js';

export function signup(config: Config | undefined) {
  const conceals = config?.duplicates === 'conceal';
  const created = {
    201: {
      description: 'The account is made, and its verification email is on its way.',
      headers: rateLimitHeaders,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/PublicProfile' } } },
    },
  };
  const requested = {
    202: ok('Where duplicates are concealed: for a new and a known address alike.', signUpRequested),
  };
  return {
    post: {
      operationId: 'signUp',
      summary: 'Sign up',
      parameters: [{ ...idempotencyKey, required: false }],
      requestBody: jsonBody('SignUp'),
      responses: {
        ...(conceals ? {} : created),
        ...(config && !conceals ? {} : requested),
        ...describeFailures(
          [
            ...bodyFailures,
            'SIGNUP_CLOSED',
            'CHALLENGE_REQUIRED',
            'INVITE_REQUIRED',
            'INVITE_INVALID',
            'IDEMPOTENCY_KEY_REUSED',
            ...(conceals ? [] : (['EMAIL_ALREADY_REGISTERED'] as const)),
          ],
          {},
          { hostRefuses: config?.hooks.beforeSignUp !== undefined },
        ),
      },
    },
    options: optionsOperation('signUpOptions', 'POST, OPTIONS'),
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    "A random text of the client's. For a day the same signup with the same key gets the same answer, and makes no " +
    'second account (draft-ietf-httpapi-idempotency-key-header).',
  schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[!-~]*$' },
};

export function signupStatus() {
  return {
    get: {
      operationId: 'signUpStatus',
      summary: 'Whether the signup with this key was verified meanwhile',
      parameters: [{ ...idempotencyKey, required: true }],
      responses: {
        200: {
          description: 'Where duplicates are concealed, a signup with a known address stays pending.',
          headers: rateLimitHeaders,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['status'],
                properties: { status: { type: 'string', enum: ['pending', 'verified'] } },
              },
            },
          },
        },
        ...describeFailures(['VALIDATION_ERROR', 'NOT_FOUND', ...commonFailures]),
      },
    },
    options: optionsOperation('signUpStatusOptions', 'GET, OPTIONS'),
  };
}

/** Where ALTCHA is the challenge: elsewhere the path is the host's. */
export function signupChallenge(basePath: string, config: Config | undefined) {
  const get = challengeOperation(config, rateLimitHeaders, describeFailures(commonFailures));
  if (!get) return {};
  const options = optionsOperation('signUpChallengeOptions', 'GET, OPTIONS');
  return { [`${basePath}/signup/challenge`]: { get, options } };
}
