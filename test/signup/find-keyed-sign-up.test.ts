import { expect } from 'chai';
import sinon from 'sinon';
import { signUpStatus } from '../../src/signup/find-keyed-sign-up.js';
import { signUpOnce } from '../../src/signup/sign-up-once.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createMigratedInstance, createTestInstance, rejection } from '../fluentmeet/test-instance.js';

describe('an expired key of a signup', () => {
  it('is not removed where somebody took it anew between the look and the removal', async () => {
    const { context, stop, query } = await createMigratedInstance();
    const key = '0123456789abcdef';
    try {
      await signUpOnce(context, { email: 'ada@example.com', password: canaryPassword }, key);
      await query("update signup_keys set created_at = now() - interval '24 hours 1 second'");
      const { SignUpKey } = context.models;
      const findOne = SignUpKey.findOne.bind(SignUpKey);
      const look = sinon
        .stub(SignUpKey, 'findOne')
        .onFirstCall()
        .callsFake(async (options) => {
          const found = await findOne(options);
          await query('update signup_keys set created_at = now()');
          return found;
        });
      look.callThrough();
      expect(await signUpStatus(context, key)).to.equal('pending');
      expect(await query('select from signup_keys')).to.have.lengthOf(1);
      expect(await signUpStatus(context, key)).to.equal('pending');
      await query("update signup_keys set created_at = now() - interval '24 hours 1 second'");
      expect(await signUpStatus(context, key)).to.equal(null);
      expect(await query('select from signup_keys')).to.have.lengthOf(0);
    } finally {
      await stop();
    }
  });
});

describe('a key of a signup, after a change of the secret', () => {
  const oldSecret = 'the secret before, 32 characters and more';
  const key = '0123456789abcdef';
  const input = { email: 'ada@example.com', password: 'a quiet lighthouse keeper' };

  it('answers for its signup as before, and for no other address', async () => {
    const old = await createMigratedInstance({ secret: oldSecret });
    const fresh = createTestInstance(old.url, { previousSecrets: [oldSecret] });
    try {
      const first = await signUpOnce(old.context, input, key);
      expect(await signUpOnce(fresh.context, input, key)).to.deep.equal(first);
      expect(await signUpStatus(fresh.context, key)).to.equal('pending');
      const other = { ...input, email: 'grace@example.com' };
      expect((await rejection(signUpOnce(fresh.context, other, key))).code).to.equal(
        'IDEMPOTENCY_KEY_REUSED',
      );
    } finally {
      await fresh.stop();
      await old.stop();
    }
  });
});
