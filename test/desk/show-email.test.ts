import { expect } from 'chai';
import { showEmail } from '../../src/desk/show-email.js';
import { NotFoundError } from '../../src/errors.js';
import { emailOf } from './emails-on-hand.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('showEmail', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());
  beforeEach(() => instance.query('truncate users cascade'));

  it('shows one with its link while that works', async () => {
    const ada = await emailOf(instance, 'ada', 'published');
    const shown = await showEmail(instance.context, ada.emailId);
    expect(shown.link).to.contain(ada.token);
    expect(shown).to.include({ link_works: true, to: ada.email });
    await instance.fluentmeet.verifyEmail(ada.token);
    expect(await showEmail(instance.context, ada.emailId)).to.include({ link: null, link_works: false });
    expect(await rejection(showEmail(instance.context, 999_999))).to.be.instanceOf(NotFoundError);
  });
});
