import { expect } from 'chai';
import { InviteInvalidError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { listInvites } from '../../src/invites/list-invites.js';
import { revokeInvite } from '../../src/invites/revoke-invite.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('redeemInvite', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite' })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites cascade'));

  const create = (input: Parameters<typeof createInvite>[1] = {}) => createInvite(instance.context, input);
  const signUp = (name: string, invite: string) => instance.register(name, { invite });
  const uses = async (id: number) =>
    (await instance.query<{ uses: number }>('select uses from invites where id = $1', [id]))[0]?.uses;
  const userCount = async () => (await instance.query('select from users')).length;

  it('is for the addresses of its domain alone, however that is written', async () => {
    const { token, domain } = await create({ domain: '@MÜNCHEN.example', maxUses: 9 });
    expect(domain).to.equal('xn--mnchen-3ya.example');
    const attempt = (email: string) =>
      instance.fluentmeet.signUp({ email, password: canaryPassword, invite: token });
    await attempt('ada@münchen.example');
    await attempt('grace@XN--MNCHEN-3YA.example');
    for (const email of [
      'a@example',
      'a@sub.münchen.example',
      'a@xmünchen.example',
      'münchen.example@x.org',
    ]) {
      expect((await rejection(attempt(email))).message, email).not.to.equal('');
    }
    expect(await userCount()).to.equal(2);
  });

  it('gives the last use to one of many who want it at once', async () => {
    const { id, token } = await create({ maxUses: 2 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => signUp(`person${index}`, token)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).to.have.lengthOf(6);
    for (const { reason } of refused) expect(reason).to.be.instanceOf(InviteInvalidError);
    expect(await userCount()).to.equal(2);
    expect(await uses(id)).to.equal(2);
    expect((await listInvites(instance.context)).invites[0]?.state).to.equal('spent');
  });

  it('loses no use to a signup that fails', async () => {
    const { id, token } = await create({ maxUses: 5 });
    await signUp('ada', token);
    await rejection(signUp('ada', token));
    // Both pass the first look, and one fails in the transaction.
    await Promise.allSettled([signUp('grace', token), signUp('grace', token)]);
    await rejection(instance.register('alan', { invite: token, password: 'short' }));
    expect(await userCount()).to.equal(2);
    expect(await uses(id)).to.equal(2);
  });

  it('says when an invite was used up: by its last use, not before', async () => {
    const { token, id } = await create({ maxUses: 2 });
    const spent = () =>
      instance.query<{ spent: boolean }>('select spent_at is not null as spent from invites where id = $1', [
        id,
      ]);
    await signUp('ada', token);
    expect(await spent()).to.deep.equal([{ spent: false }]);
    await signUp('grace', token);
    expect(await spent()).to.deep.equal([{ spent: true }]);
  });

  // Nothing else looks at these: the first look, before the hashing, saw a good invite.
  describe('looks again, after the hashing', () => {
    const prepare = (token: string) =>
      instance.fluentmeet.prepareSignUp({
        email: 'ada@example.com',
        password: canaryPassword,
        invite: token,
      });
    const meanwhile: [string, (id: number) => Promise<unknown>][] = [
      ['revoked', (id) => revokeInvite(instance.context, id)],
      ['expired', (id) => instance.query('update invites set expires_at = now() where id = $1', [id])],
      [
        'given to somebody else',
        (id) => instance.query(`update invites set email = 'grace@example.com' where id = $1`, [id]),
      ],
      ['spent', (id) => instance.query('update invites set uses = max_uses where id = $1', [id])],
      ['removed', (id) => instance.query('delete from invites where id = $1', [id])],
    ];
    for (const [what, change] of meanwhile) {
      it(`and refuses one that was ${what} meanwhile`, async () => {
        // Another good one, which a redemption that forgot the token would take instead.
        await create({ maxUses: 5 });
        const { id, token } = await create({ maxUses: 5 });
        const prepared = await prepare(token);
        await change(id);
        expect(await rejection(instance.fluentmeet.signUp(prepared))).to.be.instanceOf(InviteInvalidError);
        expect(await userCount()).to.equal(0);
      });
    }

    it('and takes a use of this very invite', async () => {
      const [other, mine] = [await create({ maxUses: 5 }), await create({ maxUses: 5 })];
      await instance.fluentmeet.signUp(await prepare(mine.token));
      expect([await uses(other.id), await uses(mine.id)]).to.deep.equal([0, 1]);
    });
  });
});
