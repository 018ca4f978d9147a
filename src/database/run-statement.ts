import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { isSqlState } from './database-error.js';

/** What node-postgres's connection is to us, and what Sequelize reads of it. */
interface Connection {
  query(sql: string, done: Done): void;
  query(sql: string, values: readonly unknown[], done: Done): void;
  query(statement: { name: string; text: string; values: readonly unknown[] }, done: Done): void;
  /** Set, it keeps the pool from handing the connection out again. */
  _invalid?: boolean;
}

type Done = (error: Error | null, result: { rows: object[] } | { rows: object[] }[]) => void;

/** Of Sequelize 6, and not in its types. */
interface Untyped {
  dialect: {
    Query: new (
      connection: Connection,
      sequelize: Sequelize,
      options: object,
    ) => { formatError(error: unknown, stack: string | undefined): Error };
  };
}

export interface Statement {
  sql: string;
  values?: readonly unknown[] | undefined;
  /** PostgreSQL keeps it prepared by this name, on each connection. */
  name?: string | undefined;
}

/**
 * Runs one statement on a connection of Sequelize's pool, or on the transaction's, and resolves with its rows; rejects
 * with what `sequelize.query` would. That one costs the processor three times as much as PostgreSQL's own client: it
 * scans the statement for parameters, retries, takes stacks and copies each row, of which we need nothing.
 */
export async function runStatement<Row extends object>(
  sequelize: Sequelize,
  statement: Statement,
  transaction: Transaction | undefined,
): Promise<Row[]> {
  if (transaction) return run(sequelize, connectionOf(transaction), statement);
  const { connectionManager } = sequelize;
  // Never a host's replica: nearly all of ours write, and the others look for what was just written.
  const connection = await connectionManager.getConnection({ type: 'write', useMaster: true });
  try {
    return await run(sequelize, connection as Connection, statement);
  } finally {
    connectionManager.releaseConnection(connection);
  }
}

/** Of one that has ended, the connection is somebody else's by now. */
function connectionOf(transaction: Transaction): Connection {
  const { finished, connection } = transaction as Transaction & {
    finished?: string;
    connection?: Connection;
  };
  if (finished || !connection) throw new Error(`the transaction has ended (${finished}) and cannot be used`);
  return connection;
}

async function run<Row extends object>(
  sequelize: Sequelize,
  connection: Connection,
  { sql, values, name }: Statement,
): Promise<Row[]> {
  try {
    const result = await new Promise<{ rows: object[] } | { rows: object[] }[]>((resolve, reject) => {
      const done: Done = (error, answer) => (error ? reject(error) : resolve(answer));
      if (values && name) connection.query({ name, text: sql, values }, done);
      else if (values && values.length > 0) connection.query(sql, values, done);
      else connection.query(sql, done);
    });
    const rows = Array.isArray(result) ? result.flatMap((one) => one.rows) : result.rows;
    return rows as Row[];
  } catch (error) {
    if (endsConnection((error as { code?: unknown }).code)) connection._invalid = true;
    const { Query } = (sequelize as unknown as Untyped).dialect;
    const query = new Query(connection, sequelize, { type: QueryTypes.SELECT });
    throw query.formatError(error, (error as Error).stack);
  }
}

/** PostgreSQL's own errors carry an SQLSTATE; 08 and 57P are its last words to a client. */
function endsConnection(code: unknown): boolean {
  return typeof code !== 'string' || !isSqlState(code) || /^(08|57P)/.test(code);
}
