import { expect } from 'chai';
import { createInvite } from '../../src/invites/create-invite.js';
import { listInvites } from '../../src/invites/list-invites.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

describe('listInvites', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite' })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites cascade'));

  const create = (input: Parameters<typeof createInvite>[1] = {}) => createInvite(instance.context, input);

  it('lists by state and address, page by page', async () => {
    const made = [];
    for (let index = 0; index < 5; index++)
      made.push(await create({ email: index < 2 ? 'ada@example.com' : undefined }));
    const ids = made.map(({ id }) => id).toReversed();
    const first = await listInvites(instance.context, { limit: 3 });
    expect(first.invites.map(({ id }) => id)).to.deep.equal(ids.slice(0, 3));
    const second = await listInvites(instance.context, { limit: 3, before: first.next ?? 0 });
    expect(second.invites.map(({ id }) => id)).to.deep.equal(ids.slice(3));
    expect(second.next).to.equal(null);
    expect((await listInvites(instance.context, { email: 'Ada@example.com' })).invites).to.have.lengthOf(2);
    expect((await listInvites(instance.context, { state: 'revoked' })).invites).to.deep.equal([]);
  });
});
