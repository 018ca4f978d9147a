import { expect } from 'chai';
import {
  ChallengeRequiredError,
  EmailAlreadyRegisteredError,
  IdempotencyKeyReusedError,
  InvalidTokenError,
  InviteInvalidError,
  InviteRequiredError,
  ValidationError,
  WrongPasswordError,
} from '../../src/errors.js';
import { reportError } from '../../src/http/error-reply.js';
import { recordingLogger } from './test-host.js';

describe('reportError', () => {
  it('writes down what tries to get around a control, and nothing of mistakes', () => {
    const { logger, lines } = recordingLogger();
    for (const error of [
      new ChallengeRequiredError(),
      new IdempotencyKeyReusedError(),
      new InvalidTokenError(),
      new InviteInvalidError(),
      new InviteRequiredError(),
      new WrongPasswordError(),
      new EmailAlreadyRegisteredError(),
      new ValidationError([]),
    ]) {
      reportError(logger, 'signup', error);
    }
    expect(lines.map(({ event, route, code }) => [event, route, code])).to.deep.equal(
      [
        'CHALLENGE_REQUIRED',
        'IDEMPOTENCY_KEY_REUSED',
        'INVALID_TOKEN',
        'INVITE_INVALID',
        'INVITE_REQUIRED',
        'WRONG_PASSWORD',
      ].map((code) => ['http.refused', 'signup', code]),
    );
  });
});
