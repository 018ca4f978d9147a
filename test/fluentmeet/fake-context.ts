import { Sequelize, type Transaction } from 'sequelize';
import sinon from 'sinon';
import type { Database } from '../../src/database/database.js';
import { bindModels } from '../../src/models.js';
import { parseOptions, type FluentMeetOptions } from '../../src/options/options.js';
import { canaryLogger } from './canary.js';
import { createFakePublisher, testOptions } from './test-instance.js';

/**
 * A context whose database is a stub: `query`, `findUser` (`models.User.findOne`), `findPause`
 * (`models.RelayPause.findOne`) and `updateEmails` (`models.OutboxEmail.update`) find nothing until a test says otherwise.
 */
export function createFakeContext(options: Partial<FluentMeetOptions> = {}) {
  const query = sinon.stub<[string, unknown[]?, Transaction?], Promise<object[]>>().resolves([]);
  const innerTransaction = { name: 'of the module' } as unknown as Transaction;
  const database = {
    schema: 'public',
    table: (name: string) => `"public"."${name}"`,
    now: () => 'now()',
    query,
    transaction: sinon.spy((work: (transaction: Transaction) => Promise<unknown>, _outer?: Transaction) =>
      work(innerTransaction),
    ),
    close: sinon.stub().resolves(),
  };
  const base = {
    config: parseOptions({
      ...testOptions,
      database: 'postgres://nobody@localhost/nowhere',
      publisher: createFakePublisher(),
      ...options,
    }),
    database: database as typeof database & Database,
    // Bound to a connection that is never opened: a test stubs the methods that its case calls.
    models: bindModels({
      sequelize: new Sequelize({ dialect: 'postgres', logging: false }),
      schema: 'public',
    }),
    logger: canaryLogger(),
  };
  const findUser = sinon.stub(base.models.User, 'findOne').resolves(null);
  const findPause = sinon.stub(base.models.RelayPause, 'findOne').resolves(null);
  const updateEmails = sinon
    .stub<[Record<string, unknown>, { where: Record<string, unknown> }], Promise<[number]>>()
    .resolves([0]);
  sinon.replace(base.models.OutboxEmail, 'update', updateEmails as never);
  return {
    ...base,
    query,
    findUser,
    findPause,
    updateEmails,
    innerTransaction,
    hasher: {
      hash: sinon.stub<[string], Promise<string>>().resolves('$2b$04$hash'),
      verify: sinon.stub<[string, string], Promise<boolean>>().resolves(false),
      compare: sinon.stub<[string, string | undefined], Promise<boolean>>().resolves(false),
      isOutdated: () => false,
      requireRoom: sinon.stub<[], void>(),
      as: () => {
        throw new Error('nobody is to be asked for');
      },
      pending: 0,
    },
    relay: { wake: sinon.spy() },
  };
}
