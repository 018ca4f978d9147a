import { expect } from 'chai';
import { StatementNames } from '../../src/database/statement-names.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import { createMigratedInstance, type TestInstance } from '../fluentmeet/test-instance.js';

const refusal = (code: string) => Object.assign(new Error('refused'), { code });

describe('the names of statements', () => {
  it('are made of the statement alone, so that those who share a connection never mean two things by one', () => {
    const names = new StatementNames();
    expect(names.of('select 1')).to.match(/^fluentmeet_[0-9a-f]{32}$/);
    expect(names.of('select 1')).to.equal(new StatementNames().of('select 1'));
    expect(names.of('select 1')).not.to.equal(names.of('select 2'));
  });

  it('are given out until one is refused, and not for any other error', () => {
    const names = new StatementNames();
    expect(names.areRefusedBy(refusal('23505'))).to.equal(false);
    expect(names.of('select 1')).to.be.a('string');
    expect(names.areRefusedBy(refusal('26000'))).to.equal(true);
    expect(names.of('select 1')).to.equal(undefined);
  });
});

/** On one connection, so that what it keeps can be looked at. */
describe('a statement that keeps its plan', () => {
  let instance: TestInstance;
  let people = 0;
  beforeEach(async () => (instance = await createMigratedInstance({ databasePoolSize: 1 })));
  afterEach(() => instance.stop());

  const signUp = () =>
    instance.fluentmeet.signUp({ email: `person${++people}@example.com`, password: canaryPassword });
  const kept = () =>
    instance.query<{ name: string; statement: string }>(
      "select name, statement from pg_prepared_statements where not from_sql and name like 'fluentmeet%' order by length(statement)",
    );
  const users = async () => (await instance.query('select from users')).length;

  it('is prepared once a connection: the look at the address, and the signup', async () => {
    await signUp();
    await signUp();
    const [look, insert, ...others] = await kept();
    expect(look?.statement).to.contain('where email = $1');
    expect(insert?.statement).to.contain('insert into "public"."users"');
    expect(others).to.deep.equal([]);
  });

  it('goes without a name once a pooler has put another connection in its place', async () => {
    await signUp();
    await instance.query('deallocate all');
    await signUp();
    await signUp();
    expect(await kept()).to.deep.equal([]);
    expect(await users()).to.equal(3);
  });

  it('goes without a name where somebody behind the same pooler has prepared it on this connection', async () => {
    await signUp();
    const prepared = await kept();
    const other = await createMigratedInstance({ databasePoolSize: 1 });
    try {
      for (const { name, statement } of prepared) await other.query(`prepare ${name} as ${statement}`);
      await other.fluentmeet.signUp({ email: 'ada@example.com', password: canaryPassword });
      expect(await other.query('select from users')).to.have.lengthOf(1);
      const named = await other.query(
        'select from pg_prepared_statements where not from_sql and name like $1',
        ['fluentmeet%'],
      );
      expect(named).to.deep.equal([]);
    } finally {
      await other.stop();
    }
  });

  it('survives a migration that alters what it gives back', async () => {
    await signUp();
    await instance.query('alter table users alter column full_name type text');
    await signUp();
    expect(await users()).to.equal(2);
  });

  it('has no name in a transaction, which a refused name would end', async () => {
    const prepared = await instance.fluentmeet.prepareSignUp({
      email: 'ada@example.com',
      password: canaryPassword,
    });
    const before = (await kept()).length;
    const { sequelize } = instance.context.database;
    await sequelize.transaction((transaction) => instance.fluentmeet.signUp(prepared, { transaction }));
    expect(await kept()).to.have.lengthOf(before);
  });
});
