import { expect } from 'chai';
import { Sequelize } from 'sequelize';
import { bindModel, clientOf, deriveSequelize, parentOf } from '../../src/database/bind-model.js';
import { User } from '../../src/users/user.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

/** What is private of Sequelize, and would move in silence. */
describe('what we take of Sequelize that its types do not promise', () => {
  let database: TestDatabase;
  let base: Sequelize;
  before(async () => {
    database = await createDatabase();
    base = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  });
  after(async () => {
    await base.close();
    await database.drop();
  });

  it('is in its place', () => {
    const untyped = base as unknown as Record<string, Record<string, unknown>>;
    expect(untyped['options']).to.have.property('hooks');
    expect(untyped['modelManager']!['removeModel']).to.be.a('function');
    expect(base.constructor).to.equal(Sequelize);
  });

  it('keeps a bound model out of the registry, under a name that needs no quotes', () => {
    const model = bindModel(User, base, 'app');
    expect(base.models).to.deep.equal({});
    expect(model.name).to.match(/^fluentmeet_User_\d+$/);
    expect(model.getTableName()).to.deep.include({ tableName: 'users', schema: 'app' });
  });

  it('tells of a savepoint in which transaction it is', async () => {
    await base.transaction(async (outer) => {
      expect(parentOf(outer)).to.equal(undefined);
      await base.transaction({ transaction: outer }, async (inner) => {
        expect(parentOf(inner)).to.equal(outer);
      });
    });
  });

  it('sends a statement through the connection that was put in the place of its own, and through no hook of the host', async () => {
    base.addHook('beforeQuery', () => expect.fail('a hook of the host'));
    const sent: string[] = [];
    const derived = deriveSequelize(base, {
      query: (sql, options) => base.query.call(derived, sql, options ?? {}),
      transaction: () => expect.fail('no transaction here'),
      queryInterface: {},
      beforeQuery(_, statement) {
        const real = statement.connection as { query(...parameters: unknown[]): void };
        statement.connection = {
          query(...parameters: unknown[]) {
            sent.push(String(parameters[0]));
            real.query(...parameters);
          },
        };
      },
    });
    const [rows] = await derived.query('select 1 as one');
    expect(rows).to.deep.equal([{ one: 1 }]);
    expect(await derived.getQueryInterface().showAllSchemas()).to.be.an('array');
    expect(sent).to.have.lengthOf(2);
    expect(derived.constructor).not.to.have.property('_cls');
    expect(derived).to.be.instanceOf(Sequelize);
    base.removeHook('beforeQuery', (base as any).options.hooks.beforeQuery[0]);
  });

  it('has node-postgres’s client of a transaction at hand', async () => {
    const transaction = await base.transaction();
    try {
      expect(clientOf(transaction)).to.have.nested.property('connection.stream.remoteAddress');
    } finally {
      await transaction.rollback();
    }
  });
});
