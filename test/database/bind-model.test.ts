import { expect } from 'chai';
import { Op, Sequelize, Transaction } from 'sequelize';
import sinon from 'sinon';
import { bindModel, clientOf, deriveSequelize, parentOf, standInFor } from '../../src/database/bind-model.js';
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

  it('takes what stands in for a transaction as that transaction', async () => {
    const committed = sinon.spy();
    const transaction = await base.transaction();
    const standIn = standInFor(transaction);
    expect(standIn).to.be.instanceOf(Transaction).and.not.equal(transaction);
    expect(clientOf(standIn)).to.equal(clientOf(transaction)).and.not.equal(undefined);
    await base.query('create temporary table of_one_session ()', { transaction });
    await base.transaction({ transaction: standIn }, (inner) =>
      base.query('select from of_one_session', { transaction: inner }),
    );
    standIn.afterCommit(committed);
    await transaction.commit();
    sinon.assert.calledOnce(committed);
    await base.query('select 1', { transaction: standIn }).then(
      () => expect.fail('it was committed'),
      (error: Error) => expect(error.message).to.match(/commit has been called on this transaction/),
    );
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

  describe('a Sequelize derived of one with options of its own', () => {
    const logging = sinon.spy();
    let host: Sequelize;
    let derived: any;
    before(() => {
      host = new Sequelize(database.url, {
        logging,
        quoteIdentifiers: false,
        typeValidation: true,
        standardConformingStrings: false,
      });
      // As the option `operatorsAliases` does, which warns that it is deprecated.
      (host.getQueryInterface() as any).queryGenerator.setOperatorsAliases({ id: Op.not });
      derived = deriveSequelize(host, {
        query: (sql, options) => host.query.call(derived, sql, options ?? {}),
        transaction: () => expect.fail('no transaction here'),
        queryInterface: {},
        beforeQuery: () => undefined,
      });
    });
    after(() => host.close());

    it('has the options that Sequelize has by itself, but for a few', () => {
      const { options } = new Sequelize({ dialect: 'postgres' }) as unknown as { options: object };
      const { hooks, ...own } = derived.options;
      expect(Object.keys(hooks)).to.deep.equal(['beforeQuery']);
      // By them it finds its server, or a pool.
      const elsewhere = ['dialectModule', 'dialectModulePath', 'host', 'protocol', 'native', 'replication'];
      const expected = Object.fromEntries(
        Object.entries(options).filter(([name]) => ![...elsewhere, 'ssl', 'pool', 'hooks'].includes(name)),
      );
      const ours = { logging: false, retry: { max: 1 }, databaseVersion: '15.0.0', dialectOptions: {} };
      expect(own).to.deep.equal({ ...expected, ...ours });
    });

    it('writes its SQL by them', () => {
      const generator = derived.getQueryInterface().queryGenerator;
      for (const other of [derived.queryInterface.queryGenerator, derived.dialect.queryGenerator]) {
        expect(other).to.equal(generator);
      }
      expect(generator.options).to.equal(derived.options);
      expect(generator.sequelize).to.equal(derived);
      expect(generator._dialect).to.equal(derived.dialect);
      expect(derived.dialect.sequelize).to.equal(derived);
      expect(generator.selectQuery('t', { where: { id: 1 } })).to.equal(
        'SELECT * FROM "t" WHERE "t"."id" = 1;',
      );
      expect(derived.dialect.canBackslashEscape()).to.equal(false);
      expect(generator.typeValidation).to.equal(undefined);
    });

    it('tells nobody what it asks', async () => {
      const log = sinon.stub(console, 'log');
      try {
        await derived.query('select 1');
        await derived.getQueryInterface().showAllSchemas();
        sinon.assert.notCalled(log);
      } finally {
        log.restore();
      }
      sinon.assert.notCalled(logging);
    });

    it('leaves that one as it was', () => {
      const theirs = host.getQueryInterface() as any;
      expect(theirs.sequelize).to.equal(host);
      expect(theirs.queryGenerator.sequelize).to.equal(host);
      expect(theirs.queryGenerator.selectQuery('t', {})).to.equal('SELECT * FROM t;');
      expect(host).to.have.nested.property('dialect.queryGenerator').that.equals(theirs.queryGenerator);
    });
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
