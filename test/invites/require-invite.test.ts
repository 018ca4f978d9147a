import { expect } from 'chai';
import { InviteInvalidError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { listInvites } from '../../src/invites/list-invites.js';
import { revokeInvite } from '../../src/invites/revoke-invite.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('requireInvite', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite' })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites cascade'));

  const create = (input: Parameters<typeof createInvite>[1] = {}) => createInvite(instance.context, input);
  const signUp = (name: string, invite: string) => instance.register(name, { invite });

  it('is for its address alone, in any spelling', async () => {
    const { token, email } = await create({ email: ' Ada@Example.com ' });
    expect(email).to.equal('ada@example.com');
    expect(await rejection(signUp('mallory', token))).to.be.instanceOf(InviteInvalidError);
    await signUp('ADA', token);
  });

  it("answers alike whether it is expired, revoked, spent, another's or unknown", async () => {
    const expired = await create();
    await instance.query(`update invites set expires_at = now() where id = $1`, [expired.id]);
    const revoked = await create();
    await revokeInvite(instance.context, revoked.id);
    const spent = await create();
    await signUp('ada', spent.token);
    const other = await create({ email: 'grace@example.com' });
    const errors = await Promise.all(
      [expired.token, revoked.token, spent.token, other.token, 'fmi_unknown'].map((token) =>
        rejection(signUp('mallory', token)),
      ),
    );
    expect(new Set(errors.map(({ code, message }) => `${code} ${message}`)).size).to.equal(1);
    expect(errors[0]).to.be.instanceOf(InviteInvalidError);
    const states = (await listInvites(instance.context)).invites.map(({ state }) => state);
    expect(states).to.deep.equal(['usable', 'spent', 'revoked', 'expired']);
  });
});
