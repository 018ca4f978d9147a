import { expect } from 'chai';
import { verifyUser } from '../../src/desk/verify-user.js';
import { NotFoundError } from '../../src/errors.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('verifyUser', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('verifies once, and not a deleted account', async () => {
    const ada = await instance.register('ada');
    expect(await verifyUser(instance.context, { email: ada.email })).to.include({ changed: true });
    expect(await verifyUser(instance.context, { id: ada.id })).to.include({ changed: false });
    await instance.query('update users set deleted_at = now()');
    expect(await rejection(verifyUser(instance.context, { id: ada.id }))).to.be.instanceOf(NotFoundError);
  });

  it('changes the time of change by the clock of the database, and only where something changed', async () => {
    const ada = await instance.register('ada');
    const changedAt = async () =>
      (await instance.query<{ at: string }>('select updated_at::text as at from users'))[0]?.at;
    const atFirst = await changedAt();
    await verifyUser(instance.context, { id: ada.id });
    const verifiedAt = await changedAt();
    expect(verifiedAt).not.to.equal(atFirst);
    await verifyUser(instance.context, { id: ada.id });
    expect(await changedAt()).to.equal(verifiedAt);
  });

  it('is a line of the log once', async () => {
    const ada = await instance.register('ada');
    instance.events.length = 0;
    await verifyUser(instance.context, { id: ada.id });
    await verifyUser(instance.context, { id: ada.id });
    expect(instance.events).to.deep.equal(['operator.user-verified']);
  });
});
