import { expect } from 'chai';
import { NotFoundError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { revokeInvite } from '../../src/invites/revoke-invite.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('revokeInvite', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite' })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites cascade'));

  const create = (input: Parameters<typeof createInvite>[1] = {}) => createInvite(instance.context, input);
  const signUp = (name: string, invite: string) => instance.register(name, { invite });
  const userCount = async () => (await instance.query('select from users')).length;

  it('revokes at once and again without harm, and the accounts stay', async () => {
    const { id, token } = await create({ maxUses: 2 });
    await signUp('ada', token);
    const first = await revokeInvite(instance.context, id);
    expect(first).to.include({ state: 'revoked', uses: 1 });
    expect((await revokeInvite(instance.context, id)).revoked_at).to.deep.equal(first.revoked_at);
    expect(await userCount()).to.equal(1);
    expect(await rejection(revokeInvite(instance.context, 999_999))).to.be.instanceOf(NotFoundError);
  });
});
