import { BaseError } from 'sequelize';
import { AccountHeldError, DatabaseError, ServiceUnavailableError } from '../errors.js';

/**
 * Turns what Sequelize or pg threw into an error without the statement, its parameters or PostgreSQL's detail, which
 * hold password hashes and addresses. Anything else (an error of our own inside a transaction) passes unchanged.
 */
export function wrapDatabaseError(error: unknown): unknown {
  const said = driverError(error);
  const { code, constraint, table } = said;
  if (!(error instanceof Error)) return error;
  if (isPoolClosed(error)) {
    const cause = new Error(
      "This instance was stopped, or the host's Sequelize that it borrows was closed: make another.",
    );
    return new ServiceUnavailableError('database', false, { cause });
  }
  if (!(isSequelizeError(error) || isFromServer(said) || isConnectionLost(error))) return error;
  // Sequelize's connection errors come from getting a connection; later ones from a statement that was on its way.
  const sent = !error.name.startsWith('SequelizeConnection');
  const message = safeMessage(said, sent);
  if (isUnavailable(error, said)) {
    const cause = new Error(message);
    const sqlState = isSqlState(code) ? code : undefined;
    return new ServiceUnavailableError('database', sent && !isRolledBack(code), { cause, sqlState });
  }
  return new DatabaseError(message, code, constraint, table);
}

/**
 * Whether a connection is of no more use after this: it broke, or the server at its other end can do nothing for us,
 * and another connection may reach one that can (after a fail-over, say). PostgreSQL, appendix A: 08 connection
 * exceptions, 53 insufficient resources, 57P going down or away, 58 and XX faults of the server's own, 25006 read-only,
 * 25P03 and 25P04 out of patience with a transaction, 55000 not in recovery.
 */
export function endsConnection(error: unknown): boolean {
  const { code } = driverError(error);
  return !isSqlState(code) || /^(08|53|57P|58|F0|XX)|^25006$|^25P0[34]$|^55000$/.test(code as string);
}

/**
 * Whether a connection was refused for what it asked of its session: 08P01 by PgBouncer, 0A000 by others; 42704, 22023
 * and 42501 by a server that lacks a setting or does not let us set it.
 */
export function refusesStartup(error: unknown): boolean {
  return ['08P01', '0A000', '42704', '22023', '42501'].includes(driverError(error).code ?? '');
}

/** Rolled back because of what others did at the same moment (serialization, deadlock): the same again may succeed. */
export function lostRace(error: unknown): boolean {
  const state = error instanceof ServiceUnavailableError ? error.sqlState : driverError(error).code;
  return state === '40001' || state === '40P01';
}

/** Of the removal of an account: what holds it, if something does; otherwise the error as it was. */
export function heldAccount(error: unknown): unknown {
  return isStillReferenced(error) ? new AccountHeldError(error.constraint, error.table) : error;
}

/**
 * A row cannot go because others refer to it: 23503, foreign_key_violation; or, where the foreign key says
 * `on delete restrict`, 23001, restrict_violation, since PostgreSQL 18.
 */
export function isStillReferenced(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && (error.sqlState === '23503' || error.sqlState === '23001');
}

interface DriverError {
  code: string | undefined;
  message: string;
  constraint: string | undefined;
  table: string | undefined;
  /** What the server was about when it failed: the functions that it was in, say. */
  where: string;
  /** Of every error that a server sent, and of no other. */
  severity: string | undefined;
}

/** What node-postgres said, inside what Sequelize made of it. */
export function driverError(error: unknown): DriverError {
  const outer = error as { parent?: unknown; original?: unknown };
  const driver = (outer?.parent ?? outer?.original ?? error) as Partial<DriverError> | undefined;
  return {
    code: typeof driver?.code === 'string' ? driver.code : undefined,
    message: typeof driver?.message === 'string' ? driver.message : '',
    constraint: typeof driver?.constraint === 'string' ? driver.constraint : undefined,
    table: typeof driver?.table === 'string' ? driver.table : undefined,
    where: typeof driver?.where === 'string' ? driver.where : '',
    severity: typeof driver?.severity === 'string' ? driver.severity : undefined,
  };
}

// By name as well: a host's Sequelize may be another copy of the package.
function isSequelizeError(error: Error): boolean {
  return error instanceof BaseError || error.name.startsWith('Sequelize');
}

/** Of node-postgres, in its own words: Sequelize lets it through while it opens a connection. */
function isConnectionLost({ message }: Error): boolean {
  return /^Client .* is not queryable$|^Connection terminated/.test(message);
}

/** Of Sequelize, in its own words and without a class: nobody gets a connection any more. */
function isPoolClosed({ message }: Error): boolean {
  return message.startsWith('ConnectionManager.getConnection was called after');
}

// Each has a digit, which tells it from the operating system's EPIPE and EPERM.
function isSqlState(code: string | undefined): boolean {
  return code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}

/**
 * PostgreSQL, appendix A: 08 connection exceptions, 40 rolled back (serialization, deadlock), 53 insufficient resources (connections, disk, memory), 57 operator
 * intervention (shutdown, cancelled), 25006 read-only, 28 refused login, 3D000 no such database, 55P03 lock not available.
 */
function isUnavailable(error: Error, said: DriverError): boolean {
  const { code } = said;
  // Whatever it was refused for: there is no connection.
  if (error.name.startsWith('SequelizeConnection')) return true;
  if (isFromServer(said)) return /^(08|40|53|57|28|3D)|^25006$|^55P03$/.test(code as string);
  return (
    error.name === 'SequelizeTimeoutError' ||
    /ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|timeout|terminated|not queryable|Connection/i.test(
      `${code} ${error.message}`,
    )
  );
}

/** What PostgreSQL itself refuses did nothing, but for its last words to a client. */
function isRolledBack(code: string | undefined): boolean {
  return isSqlState(code) && !/^(08|57P)/.test(code as string);
}

/** By its severity as well: a host's `raise` may name a code without a digit (`errcode = 'ABCDE'`). */
function isFromServer({ code, severity }: DriverError): boolean {
  return isSqlState(code) || severity !== undefined;
}

/** @param sent a statement was: before any, a server or a pooler can quote none of its values, whatever its code (XX000) */
function safeMessage(said: DriverError, sent: boolean): string {
  const { message, code, constraint, table } = said;
  if (!isFromServer(said)) return code ? `${code}: ${message}` : message || 'The database connection failed';
  if (sent && !isOfPostgres(said)) {
    const where = constraint && table ? `: constraint "${constraint}" of table "${table}"` : '';
    return `PostgreSQL error ${code}${where}`;
  }
  // No such table, column or schema.
  const cure = /^(42P01|42703|3F000)$/.test(code as string)
    ? '. Are the migrations applied? See migrate()'
    : '';
  return `PostgreSQL error ${code}: ${message}${cure}`;
}

/**
 * Whether PostgreSQL wrote this message itself, of names and settings alone. Classes 22 (data), 23 (constraints) and 44 quote
 * values or may; P0, 38 and codes of no class of PostgreSQL's are what functions throw, and XX000 is what extensions do. A
 * `raise` can name any code: what came from within a function, a host's trigger say, holds whatever that wrote, and says
 * where in the language of the server (`lc_messages`).
 */
function isOfPostgres({ code, where }: DriverError): boolean {
  return where === '' && ownWords.test(code ?? '');
}

/**
 * Appendix A: 08 connections, 0A what is not supported, 25, 26, 34 and 3B the state of a transaction, statement, cursor or
 * savepoint, 28 log-ins, 2B what others depend on, 3D and 3F databases and schemas, 40 what was rolled back, 42 statements and rights, 53 resources, 54
 * limits, 55 the state of an object, 57 operators, 58 and F0 files, 72 snapshots, XX001 and XX002 damage.
 */
const ownWords = /^(08|0A|25|26|28|2B|34|3B|3D|3F|40|42|53|54|55|57|58|F0|72)|^XX00[12]$/;
