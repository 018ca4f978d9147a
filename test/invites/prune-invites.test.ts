import { expect } from 'chai';
import { createInvite } from '../../src/invites/create-invite.js';
import { pruneInvites } from '../../src/invites/prune-invites.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

const day = 86_400_000;

describe('pruneInvites', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite' })));
  after(() => instance.stop());

  it('deletes those that expired, were revoked or used up longer ago than that, and no other', async () => {
    const make = async (change: string): Promise<number> => {
      const { id } = await createInvite(instance.context, {});
      await instance.query(
        `update invites set created_at = now() - interval '90 days', ${change} where id = $1`,
        [id],
      );
      return id;
    };
    for (const change of ['expires_at', 'revoked_at', 'spent_at']) {
      await make(`${change} = now() - interval '31 days'`);
    }
    const kept = [
      await make(`expires_at = now() - interval '29 days'`),
      await make(`revoked_at = now() - interval '29 days'`),
      await make(`spent_at = now() - interval '29 days', uses = 1`),
      await make(`note = 'usable'`),
    ];
    expect(await pruneInvites(instance.context, { olderThan: 30 * day })).to.equal(3);
    const left = await instance.query<{ id: string }>('select id from invites');
    expect(left.map(({ id }) => Number(id))).to.have.members(kept);
  });

  it('knows when an invite was used up: by its last use, not before', async () => {
    const { token, id } = await createInvite(instance.context, { maxUses: 2 });
    const spent = async () =>
      (
        await instance.query<{ spent: boolean }>(
          'select spent_at is not null as spent from invites where id = $1',
          [id],
        )
      )[0];
    await instance.register('ada', { invite: token });
    expect(await spent()).to.deep.equal({ spent: false });
    await instance.register('grace', { invite: token });
    expect(await spent()).to.deep.equal({ spent: true });
  });
});
