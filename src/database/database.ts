import { QueryTypes, type Sequelize, Transaction } from 'sequelize';
import type { Config } from '../options.js';
import { wrapDatabaseError } from './database-error.js';
import { openSequelize } from './open-sequelize.js';

export type TableName =
  'users' | 'verification_tokens' | 'email_outbox' | 'invites' | 'fluentmeet_migrations';

/** A connection to PostgreSQL with our schema: the module's own, or the host's, borrowed. */
export interface Database {
  readonly sequelize: Sequelize;
  readonly schema: string;
  /** The table's name, quoted and with its schema. */
  table(name: TableName): string;
  /** SQL for the present moment: the database's clock, unless a test hands in one of its own. */
  now(): string;
  /** Runs one statement and resolves with its rows. @throws ServiceUnavailableError, DatabaseError */
  query<Row extends object>(sql: string, bind?: unknown[], transaction?: Transaction): Promise<Row[]>;
  /** Runs the work in one transaction, or in a savepoint of the given one. @throws as `query`, or what the work throws */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, outer?: Transaction): Promise<T>;
  /** Closes the connections that this module opened. */
  close(): Promise<void>;
}

export function connectDatabase(config: Config): Database {
  const own = typeof config.database === 'string';
  const sequelize =
    typeof config.database === 'string' ? openSequelize(config.database, config) : config.database;
  const schema = config.databaseSchema;
  return {
    sequelize,
    schema,
    table: (name) => `"${schema}"."${name}"`,
    now: () => (config.clock ? `timestamptz '${config.clock().toISOString()}'` : 'now()'),
    async query<Row extends object>(sql: string, bind: unknown[] = [], transaction?: Transaction) {
      try {
        const [rows] = await sequelize.query(sql, {
          ...plainly,
          ...(bind.length > 0 ? { bind } : {}),
          transaction: transaction ?? null,
        });
        return rows as Row[];
      } catch (error) {
        throw wrapDatabaseError(error);
      }
    },
    async transaction(work, outer) {
      try {
        return outer
          ? await inSavepoint(sequelize, outer, work)
          : await sequelize.transaction({ ...ownTransaction, transaction: null, logging: false }, work);
      } catch (error) {
        throw wrapDatabaseError(error);
      }
    },
    async close() {
      if (own) await sequelize.close();
    },
  };
}

/** Whatever a host's Sequelize has for its defaults. Never a replica: nearly all of ours write, or look for what was written. */
const plainly = {
  type: QueryTypes.RAW,
  nest: false,
  plain: false,
  logging: false,
  useMaster: true,
  // A second try of what was carried out would find its own address taken.
  retry: { max: 1 },
} as const;

/** Ours are written for it: a host's default of a stricter one would turn ordinary races into errors. */
const ownTransaction = { isolationLevel: Transaction.ISOLATION_LEVELS.READ_COMMITTED };

let savepoints = 0;

/**
 * A savepoint of our own making: Sequelize never releases its, and repeats their names from the second depth on, so
 * that a host's savepoint around ours would roll back no further than to ours.
 */
async function inSavepoint<T>(
  sequelize: Sequelize,
  outer: Transaction,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const name = `fluentmeet_${++savepoints}`;
  const run = (sql: string) => sequelize.query(sql, { transaction: outer, logging: false });
  await run(`savepoint ${name}`);
  let result: T;
  try {
    result = await work(outer);
  } catch (error) {
    // Where even this fails, the connection is gone, and the first error says why.
    await run(`rollback to savepoint ${name}; release savepoint ${name}`).catch(() => undefined);
    throw error;
  }
  await run(`release savepoint ${name}`);
  return result;
}
