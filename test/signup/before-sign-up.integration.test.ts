import { expect } from 'chai';
import { HookFailedError, SignUpRefusedError } from '../../src/errors.js';
import type { SignUpAttempt } from '../../src/hooks.js';
import { errorReply } from '../../src/http/error-reply.js';
import { prepareSignUp } from '../../src/signup/prepare-sign-up.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { chosenFields } from '../../src/signup/signup-input.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { rejection } from '../fluentmeet/test-instance.js';

const input = { email: ' Ada@Example.com ', password: 'a quiet lighthouse keeper', full_name: 'Ada' };

describe('beforeSignUp', () => {
  it('is asked with what was canonicalised and never the password, before any look-up and any hash', async () => {
    const asked: SignUpAttempt[] = [];
    const context = createFakeContext({
      hooks: {
        beforeSignUp(attempt) {
          expect(context.query.called || context.hasher.hash.called).to.equal(false);
          asked.push(attempt);
        },
      },
    });
    await prepareSignUp({ ...context, client: '192.0.2.1' }, input);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.have.all.keys('email', ...chosenFields, 'client', 'operator');
    expect(asked[0]).to.include({
      email: 'ada@example.com',
      full_name: 'Ada',
      speaking_language: 'en',
      client: '192.0.2.1',
      operator: false,
    });
    context.query.resetHistory();
    context.hasher.hash.resetHistory();
    await prepareSignUp(context, input, { operator: true });
    expect(asked[1]).to.include({ operator: true, client: undefined });
  });

  for (const [mode, run] of [
    ['conflict', prepareSignUp],
    ['conceal', requestSignUp],
  ] as const) {
    it(`refuses with the host's own code, status and words (duplicates: ${mode})`, async () => {
      const context = createFakeContext({
        duplicates: mode,
        hooks: {
          beforeSignUp: async () => {
            throw new SignUpRefusedError({
              code: 'DISPOSABLE_ADDRESS',
              message: 'No throw-away addresses.',
              status: 422,
            });
          },
        },
      });
      const { status, json } = errorReply(await rejection(run(context, input)));
      expect(status).to.equal(422);
      expect(json).to.deep.equal({
        status: 'error',
        code: 'DISPOSABLE_ADDRESS',
        message: 'No throw-away addresses.',
        details: [],
      });
      expect(context.hasher.hash.called || context.query.called).to.equal(false);
    });
  }

  it('is a fault of its own where it throws anything else', async () => {
    const context = createFakeContext({
      hooks: { beforeSignUp: () => Promise.reject(new Error('no such host')) },
    });
    const error = await rejection(prepareSignUp(context, input));
    expect(error).to.be.instanceOf(HookFailedError);
    expect(errorReply(error).json.code).to.equal('INTERNAL_SERVER_ERROR');
  });

  it('is not asked about input that is not valid', async () => {
    const context = createFakeContext({ hooks: { beforeSignUp: () => Promise.reject(new Error('asked')) } });
    expect((await rejection(prepareSignUp(context, { ...input, email: 'nobody' }))).code).to.equal(
      'VALIDATION_ERROR',
    );
  });

  it('has answers of the error schema alone', () => {
    for (const wrong of [{ code: 'lower' }, { message: '' }, { status: 500 }, { status: 302 }]) {
      expect(() => new SignUpRefusedError({ code: 'A', message: 'b', ...wrong })).to.throw(RangeError);
    }
  });
});
