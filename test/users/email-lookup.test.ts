import { expect } from 'chai';
import { createMigratedInstance } from '../fluentmeet/test-instance.js';

describe('email look-up', () => {
  let instance: Awaited<ReturnType<typeof createMigratedInstance>>;
  before(async () => (instance = await createMigratedInstance()));
  after(() => instance.stop());

  it('tells each of one turn its own answer, and later ones what was committed meanwhile', async () => {
    const { isEmailTaken } = instance.context;
    await instance.register('ada');
    const look = (): Promise<boolean[]> =>
      Promise.all(['grace@example.com', 'ada@example.com', 'mary@example.com'].map(isEmailTaken));
    expect(await look()).to.deep.equal([false, true, false]);
    await instance.register('grace');
    await instance.query('update users set deleted_at = now()');
    expect(await look()).to.deep.equal([true, true, false]);
  });
});
