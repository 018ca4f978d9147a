import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { hashIdempotencyKey } from '../../src/signup/idempotency-key.js';
import { pruneSignUpKeys } from '../../src/signup/prune-signup-keys.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

describe('pruneSignUpKeys', () => {
  let instance: TestInstance;
  before(async () => {
    instance = await createMigratedInstance();
  });
  after(() => instance.stop());

  it('deletes what is older than a day, and nothing else', async () => {
    const { SignUpKey } = instance.fluentmeet.models;
    for (let index = 0; index < 3; index++) {
      const { key, address } = hashIdempotencyKey('secret', randomUUID(), 'ada@example.com');
      await SignUpKey.create({ key_hash: key, address_hash: address });
    }
    await instance.query(
      `update signup_keys set created_at = now() - interval '25 hours 1 second'
       where key_hash in (select key_hash from signup_keys limit 2)`,
    );
    expect(await pruneSignUpKeys(instance.context)).to.equal(2);
    expect(await SignUpKey.count()).to.equal(1);
    expect(await pruneSignUpKeys(instance.context)).to.equal(0);
  });
});
