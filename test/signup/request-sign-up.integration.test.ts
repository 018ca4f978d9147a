import { expect } from 'chai';
import { InviteInvalidError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createMigratedInstance, rejection } from '../fluentmeet/test-instance.js';

describe('a concealed signup with an invite', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite', duplicates: 'conceal' })));
  after(() => instance.stop());

  it('uses the invite up for a known address as for a new one, so that a second try tells nothing', async () => {
    for (const attempt of ['new', 'known']) {
      const { token } = await createInvite(instance.context, {});
      const input = { email: 'ada@example.com', password: canaryPassword, invite: token };
      await requestSignUp(instance.context, input);
      expect(await rejection(requestSignUp(instance.context, input)), attempt).to.be.instanceOf(
        InviteInvalidError,
      );
    }
    const templates = await instance.query<{ template: string }>(
      'select template from email_outbox order by id',
    );
    expect(templates).to.deep.equal([{ template: 'verification' }, { template: 'verification' }]);
  });
});

describe('a signup on a connection whose default is a stricter isolation', () => {
  it('lets every one of ten redeem a use of one invite at the same time', async () => {
    const instance = await createMigratedInstance({ signup: 'invite' });
    try {
      const name = new URL(instance.url).pathname.slice(1);
      await instance.query(`alter database "${name}" set default_transaction_isolation = 'repeatable read'`);
      const { token } = await createInvite(instance.context, { maxUses: 10 });
      const people = Array.from({ length: 10 }, (_, person) => ({
        email: `person${person}@example.com`,
        password: canaryPassword,
        invite: token,
      }));
      // The pool's first connection is older than the setting; the others have it.
      const results = await Promise.allSettled(people.map((input) => instance.fluentmeet.signUp(input)));
      expect(results.map(({ status }) => status)).to.deep.equal(Array(10).fill('fulfilled'));
    } finally {
      await instance.stop();
    }
  });
});
