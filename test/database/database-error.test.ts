import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  ConnectionAcquireTimeoutError,
  ConnectionError,
  ConnectionRefusedError,
  DatabaseError as SequelizeDatabaseError,
  UniqueConstraintError,
} from 'sequelize';
import { wrapDatabaseError } from '../../src/database/database-error.js';
import { DatabaseError, EmailAlreadyRegisteredError, ServiceUnavailableError } from '../../src/errors.js';

const hash = '$2b$12$abcdefghijklmnopqrstuv';
const address = 'ada@example.com';

/** What Sequelize makes of an error of node-postgres: the statement and its parameters on both. */
function fromDriver(code: string | undefined, message: string, fields: object = {}): SequelizeDatabaseError {
  const parent = Object.assign(new Error(message), {
    code,
    sql: `insert into users values ('${address}')`,
    parameters: [address, hash],
    detail: `Key (email)=(${address}) already exists.`,
    ...fields,
  });
  return new SequelizeDatabaseError(parent);
}

function everyText(error: unknown): string {
  return [
    JSON.stringify(error),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    inspect(error, { depth: 10, showHidden: true }),
    String(error),
    (error as Error).stack,
  ].join('\n');
}

describe('wrapDatabaseError', () => {
  const refused: [what: string, error: Error][] = [
    [
      'a unique violation',
      fromDriver('23505', `duplicate key ${address}`, { constraint: 'users_email_key' }),
    ],
    ['a value that is too long', fromDriver('22001', `value "${hash}" too long`)],
    [
      'a wrong uuid',
      fromDriver('22P02', `invalid input syntax for type uuid: "${address}"`, {
        where: `unnamed portal parameter $2 = '${hash}'`,
      }),
    ],
    ["a trigger's own words", fromDriver('P0001', `no ${address} with ${hash} here`)],
    ["a trigger's own code", fromDriver('HT001', `blocked: ${hash}`)],
    ["a trigger's own code without a digit", fromDriver('ABCDE', `blocked: ${hash}`, { severity: 'ERROR' })],
    ['an extension', fromDriver('XX000', `cannot store ${hash}`)],
    ...[
      'PL/pgSQL function blocked() line 1 at RAISE\nSQL statement "insert into x"',
      'PL/pgSQL-Funktion blocked() Zeile 1 bei RAISE',
      'fonction PL/pgSQL blocked(), ligne 1 à RAISE',
    ].map((where): [string, Error] => [
      `a trigger that gives a code of PostgreSQL’s: ${where}`,
      fromDriver('42501', `blocked: ${hash}`, { where }),
    ]),
    ['the driver alone, by its severity', fromDriver('ABCDE', hash, { severity: 'ERROR' }).parent],
    ['a column that is missing', fromDriver('42703', 'column "invites" does not exist')],
    [
      'a UniqueConstraintError with its items',
      Object.assign(new UniqueConstraintError({ message: address, fields: { email: address } }), {
        errors: [{ path: 'hashed_password', value: hash }],
        parent: fromDriver('23505', address).parent,
      }),
    ],
    ['an error of the driver alone', fromDriver('23502', hash).parent],
  ];
  for (const [what, error] of refused) {
    it(`keeps no parameter, hash or address of ${what}`, () => {
      const wrapped = wrapDatabaseError(error);
      expect(wrapped).to.be.instanceOf(DatabaseError);
      expect(everyText(wrapped)).not.to.include(hash).and.not.to.include(address);
      expect(wrapped).not.to.have.any.keys('sql', 'parameters', 'parent', 'original', 'fields', 'errors');
    });
  }

  it('keeps the SQLSTATE and the constraint, by which a caller tells what happened', () => {
    const error = fromDriver('23505', 'duplicate', { constraint: 'users_email_key' });
    expect(wrapDatabaseError(error)).to.include({ sqlState: '23505', constraint: 'users_email_key' });
  });

  it('keeps the words of a mistake in the statement, which hold no values', () => {
    const error = fromDriver('42P01', 'relation "public.users" does not exist');
    expect((wrapDatabaseError(error) as Error).message).to.equal(
      'PostgreSQL error 42P01: relation "public.users" does not exist. Are the migrations applied? See migrate()',
    );
  });

  it('keeps the words that name what others depend on', () => {
    const error = fromDriver('2BP01', 'cannot drop table users because other objects depend on it');
    expect((wrapDatabaseError(error) as Error).message).to.equal(
      'PostgreSQL error 2BP01: cannot drop table users because other objects depend on it',
    );
  });

  it('keeps the words with which a pooler refuses a connection: no statement was sent that they could quote', () => {
    const said = fromDriver('XX000', 'Tenant or user not found', { severity: 'FATAL' }).parent;
    const opening = wrapDatabaseError(new ConnectionError(said)) as ServiceUnavailableError;
    expect(opening).to.be.instanceOf(ServiceUnavailableError).and.to.include({ sqlState: 'XX000' });
    expect((opening.cause as Error).message).to.equal('PostgreSQL error XX000: Tenant or user not found');
    const later = wrapDatabaseError(new SequelizeDatabaseError(said as never)) as Error;
    expect(later.message).to.equal('PostgreSQL error XX000');
  });

  it('names the constraint and the table where a row is held, and nothing of its values', () => {
    const fields = { constraint: 'meetings_owner_fkey', table: 'meetings' };
    const error = fromDriver('23503', `Key (id)=(${address}) is still referenced`, fields);
    expect((wrapDatabaseError(error) as Error).message).to.equal(
      'PostgreSQL error 23503: constraint "meetings_owner_fkey" of table "meetings"',
    );
  });

  const away: [what: string, error: Error, outcomeUnknown: boolean][] = [
    [
      'a refused connection',
      new ConnectionRefusedError(new Error('connect ECONNREFUSED 127.0.0.1:5432')),
      false,
    ],
    [
      'a pool without a free connection',
      new ConnectionAcquireTimeoutError(new Error('Operation timeout')),
      false,
    ],
    ['a connection that broke off', fromDriver(undefined, 'Connection terminated unexpectedly'), true],
    ['a reset', fromDriver('ECONNRESET', 'read ECONNRESET'), true],
    ['a broken pipe', fromDriver('EPIPE', 'write EPIPE'), true],
    ['an answer that never came', fromDriver(undefined, 'Query read timeout'), true],
    ['a shutdown', fromDriver('57P01', 'terminating connection due to administrator command'), true],
    ['too many connections', fromDriver('53300', 'sorry, too many clients already'), false],
    ['a full disk', fromDriver('53100', 'could not extend file'), false],
    ['a standby', fromDriver('25006', 'cannot execute INSERT in a read-only transaction'), false],
    ['a lock timeout', fromDriver('55P03', 'canceling statement due to lock timeout'), false],
    ['a refused login', fromDriver('28P01', 'password authentication failed for user "app"'), false],
    [
      'a trigger that says so',
      fromDriver('40001', `busy: ${hash}`, { where: 'PL/pgSQL function busy() line 1 at RAISE' }),
      false,
    ],
    ['no such database', fromDriver('3D000', 'database "app" does not exist'), false],
    [
      'a database that accepts no connections',
      new ConnectionError(
        fromDriver('55000', 'database "app" is not currently accepting connections').parent,
      ),
      false,
    ],
  ];
  for (const [what, error, outcomeUnknown] of away) {
    it(`says that the database is away after ${what}`, () => {
      const wrapped = wrapDatabaseError(error) as ServiceUnavailableError;
      expect(wrapped).to.be.instanceOf(ServiceUnavailableError);
      expect(wrapped).to.include({ reason: 'database', outcomeUnknown });
      expect(wrapped.cause).to.be.instanceOf(Error);
      expect(everyText(wrapped)).not.to.include(hash).and.not.to.include(address);
      expect(everyText(wrapped.cause)).not.to.include(hash).and.not.to.include(address);
    });
  }

  it('does not take the state of an object for a database that is away: 55000 of a statement', () => {
    const error = fromDriver('55000', 'currval of sequence "s" is not yet defined in this session');
    expect(wrapDatabaseError(error)).to.be.instanceOf(DatabaseError);
  });

  it("knows the errors of another copy of Sequelize by their name: a host's", () => {
    class SequelizeDatabaseError extends Error {
      override name = 'SequelizeDatabaseError';
      parent = Object.assign(new Error(hash), { code: '23505' });
      sql = hash;
    }
    const wrapped = wrapDatabaseError(new SequelizeDatabaseError(hash));
    expect(wrapped).to.be.instanceOf(DatabaseError);
    expect(everyText(wrapped)).not.to.include(hash);
  });

  for (const error of [
    new EmailAlreadyRegisteredError(),
    new TypeError('a bug'),
    Object.assign(new Error('of the host'), { code: 'EPERM' }),
    'not even an error',
    undefined,
  ]) {
    it(`passes on what is not the database's: ${String(error)}`, () => {
      expect(wrapDatabaseError(error)).to.equal(error);
    });
  }
});
