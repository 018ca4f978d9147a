import { expect } from 'chai';
import { openSequelize } from '../../src/database/open-sequelize.js';
import { rejection, until } from '../fluentmeet/test-instance.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

describe('watchPool()', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
  });
  after(() => database.drop());

  it('counts what holds a connection and what waits for one, also after what failed', async () => {
    const { sequelize, poolUse, close } = openSequelize(database.url, {
      databasePoolSize: 1,
      databaseQueryTimeout: 1_000,
    });
    expect(poolUse()).to.deep.equal({ used: 0, waiting: 0, most: 1 });
    const transaction = await sequelize.transaction();
    expect(poolUse()).to.deep.equal({ used: 1, waiting: 0, most: 1 });
    const query = sequelize.query('select 1');
    await until(() => poolUse().waiting === 1, 'it waits');
    await transaction.rollback();
    await query;
    const held = await sequelize.transaction();
    await rejection(sequelize.query('select 1'));
    expect(poolUse()).to.deep.equal({ used: 1, waiting: 0, most: 1 });
    await held.commit();
    await rejection(sequelize.query('select from nowhere'));
    expect(poolUse()).to.deep.equal({ used: 0, waiting: 0, most: 1 });
    await close();
  });
});
