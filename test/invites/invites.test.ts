import { expect } from 'chai';
import { InviteInvalidError, NotFoundError, ValidationError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { listInvites } from '../../src/invites/list-invites.js';
import { revokeInvite } from '../../src/invites/revoke-invite.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('invites', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite', bcryptCost: 4 })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites cascade'));

  const create = (input: Parameters<typeof createInvite>[1] = {}) => createInvite(instance.context, input);
  const signUp = (name: string, invite: string) => instance.register(name, { invite });
  const uses = async (id: number) =>
    (await instance.query<{ uses: number }>('select uses from invites where id = $1', [id]))[0]?.uses;
  const userCount = async () => (await instance.query('select from users')).length;

  it('hands the token out once, and keeps only its hash', async () => {
    const invite = await create({ note: ' Spring course ' });
    expect(invite.token).to.match(/^fmi_[A-Za-z0-9_-]{32}$/);
    expect(invite).to.include({ state: 'usable', uses: 0, maxUses: 1, email: null, note: 'Spring course' });
    expect(invite.expiresAt.getTime() - invite.createdAt.getTime()).to.equal(7 * 86_400_000);
    const stored = JSON.stringify(await instance.query('select *, token_hash::text as hash from invites'));
    expect(stored).not.to.contain(invite.token.slice(4));
    expect(JSON.stringify(await listInvites(instance.context))).not.to.contain(invite.token);
    expect((await create()).token).not.to.equal(invite.token);
  });

  it('names every fault at once', async () => {
    const input = { email: 'no address', maxUses: 0, lifetime: -1, note: 'a\nb' };
    const error = await rejection(create(input));
    expect(error).to.be.instanceOf(ValidationError);
    expect((error as ValidationError).details.map(({ field }) => field)).to.deep.equal([
      'email',
      'max_uses',
      'expires',
      'note',
    ]);
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

  it('revokes at once and again without harm, and the accounts stay', async () => {
    const { id, token } = await create({ maxUses: 2 });
    await signUp('ada', token);
    const first = await revokeInvite(instance.context, id);
    expect(first).to.include({ state: 'revoked', uses: 1 });
    expect((await revokeInvite(instance.context, id)).revokedAt).to.deep.equal(first.revokedAt);
    expect(await userCount()).to.equal(1);
    expect(await rejection(revokeInvite(instance.context, 999_999))).to.be.instanceOf(NotFoundError);
  });

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
