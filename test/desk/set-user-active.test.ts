import { expect } from 'chai';
import { setUserActive } from '../../src/desk/set-user-active.js';
import { InvalidTokenError } from '../../src/errors.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('setUserActive', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('deactivates and takes it back; links do not work meanwhile', async () => {
    const ada = await instance.register('ada');
    expect(await setUserActive(instance.context, { id: ada.id }, false)).to.include({ changed: true });
    expect(await setUserActive(instance.context, { id: ada.id }, false)).to.include({ changed: false });
    expect(await rejection(instance.fluentmeet.verifyEmail(ada.token))).to.be.instanceOf(InvalidTokenError);
    await setUserActive(instance.context, { email: ada.email }, true);
    expect((await instance.fluentmeet.verifyEmail(ada.token)).status).to.equal('verified');
  });

  it('is a line of the log each time that it changes something', async () => {
    const ada = await instance.register('ada');
    instance.events.length = 0;
    for (const active of [false, false, true]) await setUserActive(instance.context, { id: ada.id }, active);
    expect(instance.events).to.deep.equal(['operator.user-deactivated', 'operator.user-activated']);
  });
});
