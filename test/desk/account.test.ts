import { expect } from 'chai';
import { findAccount } from '../../src/desk/account.js';
import { ValidationError } from '../../src/errors.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('findAccount', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('finds an account by id and by address in any spelling, deleted ones too, without its hash', async () => {
    const ada = await instance.register('ada');
    await instance.query('update users set deleted_at = now()');
    expect(await findAccount(instance.context, { id: ada.id })).to.include({ email: 'ada@example.com' });
    const found = await findAccount(instance.context, { email: ' ADA@Example.com' });
    expect(found?.deleted_at).to.be.instanceOf(Date);
    expect(JSON.stringify(found)).not.to.contain('$2b$');
    expect(await findAccount(instance.context, { id: 999_999 })).to.equal(null);
    expect(await rejection(findAccount(instance.context, { email: 'no address' }))).to.be.instanceOf(
      ValidationError,
    );
  });

  it('says of a body that nobody looked at what is missing', async () => {
    for (const reference of [undefined, null, 5, 'ada@example.com', {}, { email: ['ada@example.com'] }]) {
      const error = await rejection(instance.fluentmeet.eraseUser(reference as never));
      expect(error.details).to.have.lengthOf(1);
      expect(error.details[0]).to.include({ field: 'email', code: 'EMAIL_MISSING' });
    }
  });
});
