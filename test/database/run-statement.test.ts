import { expect } from 'chai';
import { DatabaseError } from 'sequelize';
import { runStatement } from '../../src/database/run-statement.js';
import { createMigratedInstance, rejection, type TestInstance } from '../fluentmeet/test-instance.js';

describe('runStatement', () => {
  let instance: TestInstance;
  before(async () => (instance = await createMigratedInstance({ databasePoolSize: 1 })));
  after(() => instance.stop());
  const run = (sql: string, values?: unknown[]) =>
    runStatement(instance.context.database.sequelize, { sql, values }, undefined);

  it('resolves with the rows, typed as Sequelize types them', async () => {
    const rows = await run('select 1::bigint as id, $1::text[] as tags, now() as at', [['a', 'b']]);
    expect(rows).to.have.lengthOf(1);
    expect(rows[0]).to.deep.include({ id: '1', tags: ['a', 'b'] });
    expect(rows[0]).to.have.property('at').that.is.a('date');
  });

  it('rejects with the errors of Sequelize, and gives the only connection back', async () => {
    const unknown = await rejection(run('select * from nowhere'));
    expect(unknown).to.be.an.instanceOf(DatabaseError);
    expect(unknown.parent.code).to.equal('42P01');
    expect(await run('select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('does not use the connection of a transaction that has ended: it is somebody else’s by now', async () => {
    const { sequelize } = instance.context.database;
    const transaction = await sequelize.transaction();
    await transaction.commit();
    const error = await rejection(runStatement(sequelize, { sql: 'select 1' }, transaction));
    expect(error.message).to.contain('the transaction has ended (commit)');
  });

  it('replaces a connection that broke', async () => {
    const broken = await rejection(run('select pg_terminate_backend(pg_backend_pid())'));
    expect(broken).to.be.an('error');
    expect(await run('select 1 as one')).to.deep.equal([{ one: 1 }]);
  });
});
