import { z } from 'zod';
import { type FluentMeet, internalsOf } from '../fluentmeet.js';
import { defaultBrand } from '../brand.js';
import type { Config } from '../options.js';
import { signUpSchema } from '../signup/signup-input.js';
import { challengeField, challengeOperation } from './openapi-challenge.js';
import { describeFailures, type Failure } from './openapi-failures.js';
import { errorSchema, okSchema, profileSchema, signUpDescriptions } from './openapi-schemas.js';
import { version } from '../version.js';
import { mostBytes } from './read-body.js';
import { resendAccepted, resendInput } from './resend-verification-endpoint.js';
import { signUpRequested } from './signup-endpoint.js';
import { accountRemoved, emailVerified } from './verify-email-endpoint.js';
import { tokenSchema, verifyEmailInput } from './verify-email-input.js';

/** An OpenAPI 3.1 document, as JSON. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers?: { url: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, unknown> };
}

export interface OpenApiOptions {
  /** Where `authRouter` is mounted. Default `/api/v1/auth`. */
  basePath?: string | undefined;
}

/**
 * Describes the routes, from the same zod schemas that validate. With an instance, as that one is configured: its
 * address, languages, and whether it conceals duplicates.
 */
export function openApiDocument(
  fluentmeet?: FluentMeet,
  { basePath = '/api/v1/auth' }: OpenApiOptions = {},
): OpenApiDocument {
  const config = fluentmeet && internalsOf(fluentmeet).config;
  return {
    openapi: '3.1.0',
    info: {
      title: `${(config?.brand ?? defaultBrand).name} signup`,
      version,
      description: 'User registration, verification of the email address, and resending of the link.',
    },
    ...(config ? { servers: [{ url: config.publicUrl }] } : {}),
    paths: {
      [`${basePath}/signup`]: signup(config),
      [`${basePath}/signup/status`]: signupStatus(),
      ...signupChallenge(basePath, config),
      [`${basePath}/verify-email`]: verifyEmail(),
      [`${basePath}/resend-verification`]: resendVerification(config),
    },
    components: {
      schemas: {
        SignUp: signUpInput(config),
        VerifyEmail: verifyInput(config),
        ResendVerification: inputSchema(resendInput),
        PublicProfile: profileSchema,
        Ok: okSchema,
        Error: errorSchema,
      },
    },
  };
}

function signup(config: Config | undefined) {
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

function signupStatus() {
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
function signupChallenge(basePath: string, config: Config | undefined) {
  const get = challengeOperation(config, rateLimitHeaders, describeFailures(commonFailures));
  if (!get) return {};
  const options = optionsOperation('signUpChallengeOptions', 'GET, OPTIONS');
  return { [`${basePath}/signup/challenge`]: { get, options } };
}

function verifyEmail() {
  const tokenFailures: readonly Failure[] = ['MISSING_TOKEN', 'INVALID_TOKEN'];
  const { description, ...schema } = tokenSchema;
  const parameter = { name: 'token', in: 'query', description, schema };
  const parameters = [{ ...parameter, required: true }];
  const page = { 'text/html': { schema: { type: 'string' } } };
  return {
    get: {
      operationId: 'openVerificationLink',
      summary: 'What the link in the email opens',
      description:
        'Shows a page with one button, and changes nothing: mail scanners open links. Only a request whose Accept ' +
        'prefers `application/json` by name (a wildcard does not) verifies.',
      parameters,
      responses: {
        200: {
          description: 'The page; or, as JSON, that the address is verified.',
          headers: rateLimitHeaders,
          content: { ...page, ...ok('', emailVerified).content },
        },
        ...describeFailures(
          [...tokenFailures, 'TOKEN_EXPIRED', 'PASSWORD_REQUIRED', ...commonFailures],
          page,
        ),
      },
    },
    head: {
      operationId: 'probeVerificationLink',
      summary: 'The status and headers of the page; changes nothing',
      parameters,
      responses: {
        200: { description: 'The link can be used, or its account is verified.' },
        400: { description: 'The link is missing its token, expired or not valid.' },
        500: { description: 'Something went wrong.' },
        503: { description: 'The database is unreachable.' },
      },
    },
    post: {
      operationId: 'verifyEmail',
      summary: 'Verify the address',
      description: 'Any link of a verified account answers as success. A form is answered with a page.',
      // Whatever it is, where the body has one.
      parameters: [{ ...parameter, schema: { type: 'string' }, description: 'Where the body has none.' }],
      requestBody: {
        description: 'May be left out where the query has the token.',
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/VerifyEmail' } },
          'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/VerifyEmail' } },
        },
      },
      responses: {
        200: {
          description: 'The address is verified, now or before (or what else `action` asked for is done).',
          headers: rateLimitHeaders,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/Ok' },
              examples: {
                verify: { value: emailVerified },
                resend: { value: resendAccepted },
                remove: { value: accountRemoved },
              },
            },
            ...page,
          },
        },
        ...describeFailures(
          [
            ...bodyFailures,
            ...tokenFailures,
            'TOKEN_EXPIRED',
            'PASSWORD_REQUIRED',
            'WRONG_PASSWORD',
            'ACCOUNT_HELD',
          ],
          page,
        ),
      },
    },
    options: optionsOperation('verifyEmailOptions', 'GET, HEAD, POST, OPTIONS'),
  };
}

function resendVerification(config: Config | undefined) {
  const { minute, day } = config?.mailboxLimits.resend ?? { minute: 1, day: 5 };
  return {
    post: {
      operationId: 'resendVerification',
      summary: 'Ask for another verification email',
      description: `The same answer whatever the address; at most ${minute} a minute and ${day} a day for each mailbox.`,
      requestBody: jsonBody('ResendVerification'),
      responses: {
        200: ok('Whether or not anything is sent.', resendAccepted),
        ...describeFailures(bodyFailures),
      },
    },
    options: optionsOperation('resendVerificationOptions', 'POST, OPTIONS'),
  };
}

const commonFailures: readonly Failure[] = [
  'METHOD_NOT_ALLOWED',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
];

const bodyFailures: readonly Failure[] = [
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

function ok(description: string, example: { status: 'ok'; message: string }) {
  return {
    description,
    headers: rateLimitHeaders,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Ok' }, example } },
  };
}

function jsonBody(schema: string) {
  return {
    required: true,
    description: `${mostBytes / 1024} kB at most, in UTF-8.`,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  };
}

function optionsOperation(operationId: string, allow: string) {
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

function signUpInput(config: Config | undefined) {
  const asksForTerms = config?.brand.termsVersion !== undefined;
  const schema = inputSchema(signUpSchema(config?.languages, asksForTerms));
  for (const [name, extra] of Object.entries(signUpDescriptions(config))) {
    Object.assign(schema.properties[name] ?? {}, extra);
  }
  Object.assign(schema.properties, challengeField(config));
  // Ignored like any other key, whatever its type, where nobody asks for it.
  if (config && config.signup !== 'invite') delete schema.properties['invite'];
  if (config && !asksForTerms) delete schema.properties['accepted_terms'];
  return schema;
}

/** As with the invite: what is of a proof is ignored where none is asked for. */
function verifyInput(config: Config | undefined) {
  const schema = inputSchema(verifyEmailInput);
  if (config && config.proof === 'link') {
    const { token, action } = schema.properties;
    schema.properties = { ...(token && { token }), ...(action && { action }) };
  }
  return schema;
}

function inputSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest as { properties: Record<string, object> };
}
