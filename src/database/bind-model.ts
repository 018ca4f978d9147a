/**
 * What we take of Sequelize that its types do not promise. It stands in this file alone, and test/database/bind-model.test.ts
 * notices when an update moves it:
 *
 * - `sequelize.options`, in which it finds defaults and hooks whenever it needs them;
 * - `sequelize.constructor`, where it looks for a CLS namespace;
 * - `sequelize.modelManager.removeModel`;
 * - `transaction.parent`, of a savepoint, and `transaction.connection`, node-postgres's client;
 * - the object that a `beforeQuery` hook is given asks nothing of its `connection` but `query`.
 */
import type { ModelStatic, QueryInterface, QueryOptions, Sequelize, Transaction } from 'sequelize';
import { getAttributes, getOptions, type Model } from './model.js';

interface Untyped {
  options: object;
  modelManager: { removeModel(model: unknown): void };
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

/** The same Sequelize with these parts in the place of its own, and none of the defaults and hooks that a host gave it. */
export function deriveSequelize(
  base: Sequelize,
  { query, transaction, queryInterface, beforeQuery }: OwnParts,
): Sequelize {
  const derived = Object.create(base) as Sequelize;
  const ownInterface = Object.assign(
    Object.create(base.getQueryInterface()) as QueryInterface,
    queryInterface,
    {
      sequelize: derived,
    },
  );
  return Object.defineProperties(derived, {
    query: { value: query },
    transaction: { value: transaction },
    getQueryInterface: { value: () => ownInterface },
    options: {
      value: {
        ...(base as unknown as Untyped).options,
        ...plainOptions,
        hooks: { beforeQuery: [beforeQuery] },
      },
    },
    constructor: { value: Object },
  });
}

const plainOptions = {
  logging: false,
  benchmark: false,
  define: {},
  query: {},
  sync: {},
  retry: { max: 1 },
  isolationLevel: undefined,
  omitNull: false,
  typeValidation: false,
  minifyAliases: false,
  schema: undefined,
};

/** The transaction that a savepoint is in. */
export function parentOf(transaction: Transaction): Transaction | undefined {
  return (transaction as Transaction & { parent?: Transaction | null }).parent ?? undefined;
}

/** node-postgres's client that this transaction runs on. */
export function clientOf(transaction: Transaction): unknown {
  return (transaction as Transaction & { connection?: unknown }).connection;
}
