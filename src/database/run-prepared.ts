import { createHash } from 'node:crypto';
import type { Sequelize } from 'sequelize';
import { driverError } from './database-error.js';
import { runStatement } from './run-statement.js';

/** Runs a statement that PostgreSQL keeps prepared, and resolves with its rows. Rejects as `runStatement`. */
type PreparedRunner = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/**
 * Statements that PostgreSQL parses and plans once a connection. A pooler that hands each transaction to another
 * connection (PgBouncer before 1.21, or without `max_prepared_statements`) shows itself by a refusal; from then on they
 * go without a name. Names are made of the statement: on a shared connection the same name is always the same statement.
 */
export function createPreparedRunner(sequelize: Sequelize): PreparedRunner {
  const names = new Map<string, string>();
  let works = true;

  function nameOf(sql: string): string {
    let name = names.get(sql);
    if (!name) {
      name = `fluentmeet_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
      names.set(sql, name);
    }
    return name;
  }

  return async (sql, values) => {
    if (works) {
      try {
        return await runStatement(sequelize, { sql, values, name: nameOf(sql) }, undefined);
      } catch (error) {
        if (!isNameRefused(error)) throw error;
        works = false;
      }
    }
    return runStatement(sequelize, { sql, values }, undefined);
  };
}

/**
 * Before anything was carried out. PostgreSQL, appendix A: 26000 there is no such prepared statement, 42P05 there is one
 * already; 0A000 here is a plan whose columns were altered.
 */
function isNameRefused(error: unknown): boolean {
  return ['26000', '42P05', '0A000'].includes(driverError(error).code ?? '');
}
