import { expect } from 'chai';
import sinon from 'sinon';
import { DatabaseError } from '../../src/errors.js';
import { findUserByEmail } from '../../src/users/find-user-by-email.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('findUserByEmail', () => {
  it('looks for the one canonical form of the address, whatever its spelling', async () => {
    const context = createFakeContext();
    const ada = context.models.User.build({ email: 'ada@example.com' });
    context.findUser.resolves(ada);
    expect(await findUserByEmail(context, ' ADA@Example.COM ')).to.equal(ada);
    expect(context.findUser.firstCall.args[0]).to.deep.equal({ where: { email: 'ada@example.com' } });
  });

  it('resolves with null where nobody has it', async () => {
    expect(await findUserByEmail(createFakeContext(), 'ada@example.com')).to.equal(null);
  });

  for (const nobody of ['', 'not an address', 'ada@localhost', { email: 'ada@example.com' }, undefined]) {
    it(`asks the database nothing of ${JSON.stringify(nobody)}, which nobody can have`, async () => {
      const context = createFakeContext();
      expect(await findUserByEmail(context, nobody as string)).to.equal(null);
      sinon.assert.notCalled(context.findUser);
    });
  }

  describe('on a real database', () => {
    let instance: TestInstance;
    before(async () => (instance = await createMigratedInstance()));
    after(() => instance.stop());

    it('finds the account, and not once it is deleted', async () => {
      const ada = await instance.register('ada', { full_name: 'Ada' });
      const user = await instance.fluentmeet.findUserByEmail('Ada@EXAMPLE.com');
      expect(user).to.include({ id: ada.id, email: ada.email, full_name: 'Ada', is_verified: false });
      await instance.query('update users set deleted_at = now()');
      expect(await instance.fluentmeet.findUserByEmail(ada.email)).to.equal(null);
    });

    it('keeps statement and parameters out of its errors', async () => {
      await instance.query('alter table users rename column full_name to name');
      const error = await rejection(instance.fluentmeet.findUserByEmail('ada@example.com'));
      expect(error).to.be.instanceOf(DatabaseError);
      expect(error).to.include({ sqlState: '42703' });
      expect(error).not.to.have.any.keys('sql', 'parameters', 'parent');
    });
  });
});
