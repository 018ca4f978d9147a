import { expect } from 'chai';
import { isEmailTaken } from '../../src/users/is-email-taken.js';
import { createMigratedInstance } from '../fluentmeet/test-instance.js';

describe('isEmailTaken', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  it('finds what was committed before it asked, a deleted account too', async () => {
    const look = (): Promise<boolean[]> =>
      Promise.all(
        ['grace@example.com', 'ada@example.com', 'mary@example.com'].map((email) =>
          isEmailTaken(instance.context, email),
        ),
      );
    await instance.register('ada');
    expect(await look()).to.deep.equal([false, true, false]);
    await instance.register('grace');
    await instance.query('update users set deleted_at = now()');
    expect(await look()).to.deep.equal([true, true, false]);
  });
});
