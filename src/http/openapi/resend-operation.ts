import type { Config } from '../../options.js';
import { resendAccepted } from '../resend-verification-endpoint.js';
import { describeFailures } from './describe-failures.js';
import { bodyFailures, jsonBody, ok, optionsOperation } from './operation-parts.js';

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
