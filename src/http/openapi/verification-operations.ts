import type { Config } from '../../options/options.js';
import { resendAccepted } from '../resend-verification-endpoint.js';
import { accountRemoved, emailVerified } from '../verify-email-endpoint.js';
import { actions, tokenSchema } from '../verify-email-input.js';
import {
  answer,
  bodyFailures,
  commonFailures,
  describeFailures,
  type Failure,
  jsonBody,
  ok,
  optionsOperation,
  reference,
} from './operation-parts.js';

export function verifyEmail(config: Config | undefined) {
  const tokenFailures: readonly Failure[] = ['MISSING_TOKEN', 'INVALID_TOKEN'];
  const { description, ...schema } = tokenSchema;
  const parameter = { name: 'token', in: 'query', description, schema };
  const parameters = [{ ...parameter, required: true }];
  const action = (enumerated: readonly string[], more: string) => ({
    name: 'action',
    in: 'query',
    description: `What the link is used for; \`verify\` by default. ${more}`,
    schema: { type: 'string', enum: enumerated },
  });
  return {
    get: {
      operationId: 'openVerificationLink',
      summary: 'What the link in the email opens',
      description:
        'Shows a page with one button, and changes nothing: mail scanners open links. Only a request whose Accept ' +
        'prefers `application/json` by name (a wildcard does not) verifies.',
      parameters: [
        ...parameters,
        action(['verify'], 'Every other needs a POST; the page takes no notice of it.'),
      ],
      responses: {
        200: withPage(ok('The page; or, as JSON, that the address is verified.', emailVerified)),
        ...describeFailures(
          ['VALIDATION_ERROR', ...tokenFailures, 'TOKEN_EXPIRED', 'PASSWORD_REQUIRED', ...commonFailures],
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
        429: { description: 'Too many requests from this address.' },
        500: { description: 'Something went wrong.' },
        503: { description: 'The database is unreachable.' },
      },
    },
    post: {
      operationId: 'verifyEmail',
      summary: 'Verify the address',
      description: 'Any link of a verified account answers as success. A form is answered with a page.',
      // Whatever it is, where the body has one.
      parameters: [
        { ...parameter, schema: { type: 'string' }, description: 'Where the body has none.' },
        action(actions, 'The same as the body’s, where both have one.'),
      ],
      requestBody: {
        description: 'May be left out where the query has the token.',
        content: {
          'application/json': { schema: reference('VerifyEmail') },
          'application/x-www-form-urlencoded': { schema: reference('VerifyEmail') },
        },
      },
      responses: {
        200: withPage(
          answer(
            'The address is verified, now or before (or what else `action` asked for is done).',
            reference('Ok'),
            {
              examples: {
                verify: { value: emailVerified },
                resend: { value: resendAccepted },
                remove: { value: accountRemoved },
              },
            },
          ),
        ),
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
          {
            hostRefuses:
              config?.proof === 'link-and-password' && typeof config.passwordBlocklist === 'function',
          },
        ),
      },
    },
    options: optionsOperation('verifyEmailOptions', 'GET, HEAD, POST, OPTIONS'),
  };
}

const page = { 'text/html': { schema: { type: 'string' } } };

function withPage(described: ReturnType<typeof answer>) {
  return { ...described, content: { ...described.content, ...page } };
}

export function resendVerification(config: Config | undefined) {
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
