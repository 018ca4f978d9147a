import { resendAccepted } from '../resend-verification-endpoint.js';
import { accountRemoved, emailVerified } from '../verify-email-endpoint.js';
import { tokenSchema } from '../verify-email-input.js';
import { describeFailures, type Failure } from './describe-failures.js';
import { bodyFailures, commonFailures, ok, optionsOperation, rateLimitHeaders } from './operation-parts.js';

export function verifyEmail() {
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
