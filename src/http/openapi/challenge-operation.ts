import type { Config } from '../../options.js';

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

/** @param failures the responses that every route has */
export function challengeOperation(config: Config | undefined, headers: object, failures: object) {
  if (typeof config?.challenge !== 'object') return undefined;
  return {
    operationId: 'signUpChallenge',
    summary: 'A proof of work to solve for one signup',
    description:
      'A challenge of ALTCHA (version 2). Its solution goes into the field `altcha` of the signup, before ' +
      '`parameters.expiresAt` (in seconds since 1970).',
    responses: {
      200: {
        description: 'To be solved: never kept, never shared.',
        headers,
        content: { 'application/json': { schema: challengeSchema } },
      },
      ...failures,
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
