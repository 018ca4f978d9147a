import type { Config } from '../../options/options.js';
import { signUpRequested } from '../signup-endpoint.js';
import {
  answer,
  bodyFailures,
  commonFailures,
  describeFailures,
  jsonBody,
  ok,
  optionsOperation,
  reference,
} from './operation-parts.js';

export function signup(config: Config | undefined) {
  const conceals = config?.duplicates === 'conceal';
  return {
    post: {
      operationId: 'signUp',
      summary: 'Sign up',
      parameters: [{ ...idempotencyKey, required: false }],
      requestBody: jsonBody('SignUp'),
      responses: {
        ...(!conceals && {
          201: answer(
            'The account is made, and its verification email is on its way.',
            reference('PublicProfile'),
          ),
        }),
        ...((!config || conceals) && {
          202: ok('Where duplicates are concealed: for a new and a known address alike.', signUpRequested),
        }),
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
          {
            hostRefuses:
              config?.hooks.beforeSignUp !== undefined || typeof config?.passwordBlocklist === 'function',
          },
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
        200: answer('Where duplicates are concealed, a signup with a known address stays pending.', {
          type: 'object',
          required: ['status'],
          properties: { status: { type: 'string', enum: ['pending', 'verified'] } },
        }),
        ...describeFailures(['VALIDATION_ERROR', 'NOT_FOUND', ...commonFailures]),
      },
    },
    options: optionsOperation('signUpStatusOptions', 'GET, OPTIONS'),
  };
}

/** Where ALTCHA is the challenge: elsewhere the path is the host's. */
export function signupChallenge(basePath: string, config: Config | undefined) {
  if (typeof config?.challenge !== 'object') return {};
  const get = {
    operationId: 'signUpChallenge',
    summary: 'A proof of work to solve for one signup',
    description:
      'A challenge of ALTCHA (version 2). Its solution goes into the field `altcha` of the signup, before ' +
      '`parameters.expiresAt` (in seconds since 1970).',
    responses: {
      200: answer('To be solved: never kept, never shared.', challengeSchema),
      ...describeFailures(commonFailures),
    },
  };
  const options = optionsOperation('signUpChallengeOptions', 'GET, OPTIONS');
  return { [`${basePath}/signup/challenge`]: { get, options } };
}

/** What the field `altcha` is, where ALTCHA is the challenge. */
export function challengeField(config: Config | undefined): Record<string, object> {
  if (typeof config?.challenge !== 'object') return {};
  return {
    altcha: {
      type: 'string',
      description:
        'In base64 a JSON text `{"challenge": …, "solution": {"counter": …, "derivedKey": …}}`: the answer of ' +
        '`signup/challenge` and its solution, as ALTCHA’s widget and libraries make it. Good for one signup.',
      contentEncoding: 'base64',
      contentMediaType: 'application/json',
    },
  };
}

const hex = { type: 'string', pattern: '^[0-9a-f]+$' };

const challengeSchema = {
  type: 'object',
  required: ['parameters', 'signature'],
  properties: {
    signature: hex,
    parameters: {
      type: 'object',
      required: ['algorithm', 'cost', 'expiresAt', 'keyLength', 'keyPrefix', 'keySignature', 'nonce', 'salt'],
      properties: {
        algorithm: { type: 'string', const: 'PBKDF2/SHA-256' },
        cost: { type: 'integer', description: 'Iterations of each key.' },
        expiresAt: { type: 'integer' },
        keyLength: { type: 'integer', description: 'In bytes.' },
        keyPrefix: { ...hex, description: 'How the right key begins.' },
        keySignature: hex,
        nonce: { ...hex, description: 'With the counter as 32 bits after it, what a key is derived from.' },
        salt: hex,
      },
    },
  },
};
