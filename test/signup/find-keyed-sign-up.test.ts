import { expect } from 'chai';
import { signUpStatus } from '../../src/signup/find-keyed-sign-up.js';
import { signUpOnce } from '../../src/signup/sign-up-once.js';
import { createMigratedInstance, createTestInstance, rejection } from '../fluentmeet/test-instance.js';

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
