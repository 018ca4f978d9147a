import { expect } from 'chai';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

/** On one connection, so that what it keeps can be looked at. */
describe('a prepared statement', () => {
  let instance: TestInstance;
  let people = 0;
  beforeEach(async () => (instance = await createMigratedInstance({ databasePoolSize: 1 })));
  afterEach(() => instance.stop());
  const signUp = () =>
    instance.fluentmeet.signUp({ email: `person${++people}@example.com`, password: canaryPassword });
  const kept = () =>
    instance.query<{ name: string; statement: string }>(
      'select name, statement from pg_prepared_statements where not from_sql',
    );

  it('is kept on the connection, by a name that is made of it', async () => {
    await signUp();
    await signUp();
    const [one, ...others] = await kept();
    expect(others).to.deep.equal([]);
    expect(one!.name).to.match(/^fluentmeet_[0-9a-f]{32}$/);
    expect(one!.statement).to.contain('insert into "public"."users"');
  });

  it('goes without a name once a pooler has put another connection in its place', async () => {
    await signUp();
    await instance.query('deallocate all');
    await signUp();
    await signUp();
    expect(await kept()).to.deep.equal([]);
    expect(await instance.query('select from users')).to.have.lengthOf(3);
  });

  it('goes without a name where somebody behind the same pooler has prepared it on this connection', async () => {
    await signUp();
    const [{ name, statement } = { name: '', statement: '' }] = await kept();
    await instance.stop();
    instance = await createMigratedInstance({ databasePoolSize: 1 });
    await instance.query(`prepare ${name} as ${statement}`);
    await signUp();
    await signUp();
    expect(await kept()).to.deep.equal([]);
    expect(await instance.query('select from users')).to.have.lengthOf(2);
  });

  it('survives a migration that alters what it gives back', async () => {
    await signUp();
    await instance.query('alter table users alter column full_name type text');
    await signUp();
    expect(await instance.query('select from users')).to.have.lengthOf(2);
  });

  it('has no name in a transaction, which a refused name would end', async () => {
    const { sequelize } = instance.context.database;
    const prepared = await instance.fluentmeet.prepareSignUp({
      email: 'ada@example.com',
      password: canaryPassword,
    });
    await sequelize.transaction((transaction) => instance.fluentmeet.signUp(prepared, { transaction }));
    expect(await kept()).to.deep.equal([]);
  });
});
