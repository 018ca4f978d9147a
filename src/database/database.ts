import { QueryTypes, type Transaction } from 'sequelize';
import type { Config } from '../options/options.js';
import { wrapDatabaseError } from './database-error.js';
import { openSequelize, type OwnSequelize } from './open-sequelize.js';
import { viewSequelize, type WorkOptions } from './sequelize-view.js';
import type { TableName } from './tables.js';

export interface QueryOptions {
  /**
   * PostgreSQL may keep the plan that it makes at the first call. Only for a statement that can be planned in no other
   * way, however the tables grow.
   */
  keepsPlan?: boolean;
}

/** A connection to PostgreSQL with our schema: the module's own, or the host's, borrowed. */
export type Database = ReturnType<typeof connectDatabase>;

export function connectDatabase(config: Config) {
  const own = ownOrBorrowed(config);
  const view = viewSequelize(own.sequelize, {
    limit: config.databaseQueryTimeout,
    startsPrepared: own.startsPrepared,
    logger: config.logger,
  });
  const schema = config.databaseSchema;
  return {
    /** For models and migrations: a view of the pool, whoever owns it (sequelize-view.ts). */
    sequelize: view.sequelize,
    schema,
    /** The table's name, quoted and with its schema. */
    table: (name: TableName) => `"${schema}"."${name}"`,
    /** SQL for the present moment: the database's clock, unless a test hands in one of its own. */
    now: () => (config.clock ? `timestamptz '${config.clock().toISOString()}'` : 'now()'),
    /** Runs one statement and resolves with its rows. @throws ServiceUnavailableError, DatabaseError */
    async query<Row extends object>(
      sql: string,
      bind: unknown[] = [],
      transaction?: Transaction,
      { keepsPlan = false }: QueryOptions = {},
    ): Promise<Row[]> {
      const options = {
        type: QueryTypes.RAW as const,
        ...(bind.length > 0 ? { bind } : {}),
        transaction: transaction ?? null,
        // With a clock of a test's each statement is another one.
        keepsPlan: keepsPlan && !config.clock,
      };
      const [rows] = await view.sequelize.query(sql, options);
      return rows as Row[];
    },
    /**
     * Runs the work in one transaction, or in a savepoint of the given one. It may run again, from its beginning, where it
     * lost a race; effects outside the database belong after it.
     *
     * @throws as `query`, or what the work throws
     */
    async transaction<T>(
      work: (transaction: Transaction) => Promise<T>,
      outer?: Transaction,
      options?: WorkOptions,
    ): Promise<T> {
      try {
        return outer ? await view.inSavepoint(outer, work) : await view.inTransaction(work, options);
      } catch (error) {
        throw wrapDatabaseError(error);
      }
    },
    /** Of the module's own pool; a host's is not ours to watch. */
    poolUse: own.poolUse,
    /** Closes the connections that this module opened, whatever the server does. */
    close: own.close,
  };
}

/** The moment so many milliseconds ago, by the database's clock: as text, which keeps its microseconds. In SQL: no table has it. */
export async function momentAgo(
  database: Pick<Database, 'query' | 'now'>,
  milliseconds: number,
): Promise<string> {
  const [row] = await database.query<{ moment: string }>(
    `select (${database.now()} - $1 * interval '1 millisecond')::text as moment`,
    [milliseconds],
  );
  return row?.moment as string;
}

/** A host's own connection is never closed by us, and its sessions are whatever the host makes of them. */
function ownOrBorrowed(config: Config): Omit<OwnSequelize, 'poolUse'> & Partial<OwnSequelize> {
  const { database } = config;
  if (typeof database === 'string') return openSequelize(database, config);
  return { sequelize: database, startsPrepared: async () => false, close: async () => undefined };
}
