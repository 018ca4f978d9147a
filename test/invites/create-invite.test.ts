import { expect } from 'chai';
import { ValidationError } from '../../src/errors.js';
import { createInvite } from '../../src/invites/create-invite.js';
import { listInvites } from '../../src/invites/list-invites.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('createInvite', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ signup: 'invite' })));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users, invites cascade'));

  const create = (input: Parameters<typeof createInvite>[1] = {}) => createInvite(instance.context, input);

  it('hands the token out once, and keeps only its hash', async () => {
    const invite = await create({ note: ' Spring course ' });
    expect(invite.token).to.match(/^fmi_[A-Za-z0-9_-]{32}$/);
    expect(invite).to.include({
      state: 'usable',
      uses: 0,
      max_uses: 1,
      email: null,
      domain: null,
      note: 'Spring course',
    });
    expect(invite.expires_at.getTime() - invite.created_at.getTime()).to.equal(7 * 86_400_000);
    const stored = JSON.stringify(await instance.query('select *, token_hash::text as hash from invites'));
    expect(stored).not.to.contain(invite.token.slice(4));
    expect(JSON.stringify(await listInvites(instance.context))).not.to.contain(invite.token);
    expect((await create()).token).not.to.equal(invite.token);
  });

  it('names every fault at once', async () => {
    const input = { email: 'no address', domain: 'a@b.c', lifetime: -1, note: 'a\nb' };
    const error = await rejection(create(input));
    expect(error).to.be.instanceOf(ValidationError);
    expect((error as ValidationError).details.map(({ field }) => field)).to.deep.equal([
      'email',
      'domain',
      'expires',
      'note',
    ]);
  });

  it('takes a note of 500 characters of any kind, and of one line', async () => {
    const note = '😀'.repeat(500);
    expect(await create({ note })).to.include({ note });
    for (const wrong of [`${note}x`, 'a\u2028b', 'a\u2029b', 'a\u0085b', 'a\ud83d']) {
      const error = await rejection(create({ note: wrong }));
      expect((error as ValidationError).details[0]?.code, JSON.stringify(wrong)).to.equal(
        'NOTE_NOT_ONE_LINE',
      );
    }
  });
});
