/**
 * What we take of Sequelize that its types do not promise. It stands in this file alone, and test/database/bind-model.test.ts
 * notices when an update moves it:
 *
 * - `sequelize.options`, in which it finds defaults and hooks whenever it needs them, and what there is in it;
 * - `sequelize.dialect` and its query generator, each of which knows its Sequelize, and how to make another generator;
 * - `sequelize.constructor`, where it looks for a CLS namespace;
 * - `sequelize.modelManager.removeModel`;
 * - `transaction.parent`, of a savepoint, and `transaction.connection`, node-postgres's client;
 * - a transaction has nothing that an object made of it has not;
 * - the object that a `beforeQuery` hook is given asks nothing of its `connection` but `query`.
 */
import type { ModelStatic, QueryInterface, QueryOptions, Sequelize, Transaction } from 'sequelize';
import { getAttributes, getOptions, type Model } from './model.js';

interface Untyped {
  options: object;
  dialect: object;
  modelManager: { removeModel(model: unknown): void };
}

/** A query generator keeps the options, the dialect and the aliases of operators that it was made with. */
interface UntypedInterface {
  queryGenerator: { constructor: new (parts: { sequelize: Sequelize; _dialect: object }) => object };
  constructor: new (sequelize: Sequelize, queryGenerator: object) => QueryInterface;
}

let bound = 0;

/**
 * A subclass of the model, bound to one connection and schema. The template itself stays unbound, so that two instances
 * in a process do not touch each other, and the subclass is taken out of the connection's registry, so that a host's
 * `sequelize.models`, `sync()` and a model of the same name never meet it.
 */
export function bindModel<M extends Model>(
  template: ModelStatic<M>,
  sequelize: Sequelize,
  schema: string,
): ModelStatic<M> {
  const name = template.name;
  const Bound = { [name]: class extends (template as unknown as typeof Model) {} }[name] as typeof Model;
  Bound.initialize(getAttributes(template.prototype) as never, {
    ...getOptions(template.prototype),
    sequelize,
    schema,
    // Model.init evicts a model of the same name without a word. It becomes an alias, which a host may leave unquoted.
    modelName: `fluentmeet_${name}_${++bound}`,
  });
  (sequelize as unknown as Untyped).modelManager.removeModel(Bound);
  return Bound as unknown as ModelStatic<M>;
}

export interface OwnParts {
  query: (sql: string, options?: QueryOptions) => Promise<unknown>;
  transaction: (...parameters: unknown[]) => Promise<unknown>;
  queryInterface: Partial<QueryInterface>;
  /** Is asked before each statement, and may put another connection in the place of the one that it goes to. */
  beforeQuery: (options: QueryOptions, statement: { connection: unknown }) => void;
}

/**
 * The same pool behind a Sequelize with these parts in the place of its own, and none of the options and hooks that a host
 * gave it: what writes SQL and reads answers is made anew, for it looks at the options of the Sequelize that it knows.
 */
export function deriveSequelize(
  base: Sequelize,
  { query, transaction, queryInterface, beforeQuery }: OwnParts,
): Sequelize {
  const derived = Object.create(base) as Sequelize;
  const dialect = Object.create((base as unknown as Untyped).dialect) as object;
  Object.defineProperties(derived, {
    query: { value: query },
    transaction: { value: transaction },
    options: { value: { ...plainOptions, hooks: { beforeQuery: [beforeQuery] } } },
    dialect: { value: dialect },
    constructor: { value: Object },
  });
  const theirs = base.getQueryInterface() as unknown as UntypedInterface;
  const queryGenerator = new theirs.queryGenerator.constructor({ sequelize: derived, _dialect: dialect });
  const ownInterface = Object.assign(new theirs.constructor(derived, queryGenerator), queryInterface);
  Object.assign(dialect, { sequelize: derived, queryGenerator, queryInterface: ownInterface });
  return Object.defineProperties(derived, {
    queryInterface: { value: ownInterface },
    getQueryInterface: { value: () => ownInterface },
  });
}

/** Sequelize's own defaults, but for the first: statements carry hashes and addresses, and what may run again is ours to say. */
const plainOptions = {
  logging: false,
  retry: { max: 1 },
  dialect: 'postgres',
  dialectOptions: {},
  // The oldest that the module runs on: of what it writes itself Sequelize writes some otherwise for older ones.
  databaseVersion: '15.0.0',
  define: {},
  query: {},
  sync: {},
  timezone: '+00:00',
  standardConformingStrings: true,
  omitNull: false,
  quoteIdentifiers: true,
  minifyAliases: false,
  typeValidation: false,
  benchmark: false,
  logQueryParameters: false,
  attributeBehavior: 'throw',
  transactionType: 'DEFERRED',
  isolationLevel: null,
};

/** The transaction that a savepoint is in. */
export function parentOf(transaction: Transaction): Transaction | undefined {
  return (transaction as Transaction & { parent?: Transaction | null }).parent ?? undefined;
}

/** node-postgres's client that this transaction runs on. */
export function clientOf(transaction: Transaction): unknown {
  return (transaction as Transaction & { connection?: unknown }).connection;
}

/** The same transaction, to be told from it. */
export function standInFor(transaction: Transaction): Transaction {
  return Object.create(transaction) as Transaction;
}
