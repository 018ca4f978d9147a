import { expect } from 'chai';
import sinon from 'sinon';
import type { Database } from '../../src/database/database.js';
import { createEmailLookup } from '../../src/users/email-lookup.js';
import { rejection } from '../fluentmeet/test-instance.js';

describe('email look-up', () => {
  const query = sinon.stub<[string, [string[]]], Promise<{ email: string }[]>>();
  const isEmailTaken = createEmailLookup({ table: (name: string) => name, query } as unknown as Database);

  beforeEach(() => {
    query.reset();
    query.callsFake(async (_sql, [emails]) =>
      emails.filter((email) => email.startsWith('taken')).map((email) => ({ email })),
    );
  });

  it('asks once for those of one turn of the event loop, and tells each its own answer', async () => {
    const answers = await Promise.all(
      ['taken1@a.example', 'new@a.example', 'taken2@a.example'].map(isEmailTaken),
    );
    expect(answers).to.deep.equal([true, false, true]);
    sinon.assert.calledOnce(query);
  });

  it('asks again for those of a later turn, which see what was committed meanwhile', async () => {
    expect(await isEmailTaken('late@a.example')).to.equal(false);
    query.resolves([{ email: 'late@a.example' }]);
    expect(await isEmailTaken('late@a.example')).to.equal(true);
  });

  it('fails for all that asked together, and for nobody after them', async () => {
    query.onFirstCall().rejects(new Error('away'));
    const both = ['one@a.example', 'two@a.example'].map((email) => rejection(isEmailTaken(email)));
    expect((await Promise.all(both)).map(({ message }) => message)).to.deep.equal(['away', 'away']);
    expect(await isEmailTaken('three@a.example')).to.equal(false);
  });
});
