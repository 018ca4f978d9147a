import { fileURLToPath, pathToFileURL } from 'node:url';
import type { QueryInterface, Transaction } from 'sequelize';
import { MigrationError, Umzug, type UmzugStorage } from 'umzug';
import { DatabaseError, SchemaAheadError, SchemaConflictError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Database } from './database.js';
import { wrapDatabaseError } from './database-error.js';

export interface MigrationStatus {
  name: string;
  /** null while pending. */
  appliedAt: Date | null;
  /** Applied by a newer version; this code does not have it. */
  unknown: boolean;
}

export interface Migrator {
  /** Applies what is pending; resolves with the names. @throws SchemaConflictError, SchemaAheadError */
  up(): Promise<string[]>;
  /** Reverts the last migration, or all of them; resolves with the names. Destroys their tables. @throws SchemaAheadError */
  down(options?: { all?: boolean }): Promise<string[]>;
  /** In the order of application. Changes nothing, not even the migrations' own table. */
  status(): Promise<MigrationStatus[]>;
}

interface MigrationContext {
  queryInterface: QueryInterface;
  schema: string;
  transaction: Transaction;
}

const migrationFiles = fileURLToPath(new URL('../../migrations/', import.meta.url));
const ourTables = ['users', 'verification_tokens', 'email_outbox', 'invites', 'mailbox_counts'] as const;

/**
 * Umzug over one transaction and one advisory lock (Umzug has none): many processes may start at once, and one killed
 * midway leaves nothing half done.
 */
export function createMigrator(database: Database, logger: Logger): Migrator {
  return {
    up: () =>
      locked(database, async (transaction) => {
        await createMigrationsTable(database, transaction);
        const umzug = createUmzug(database, transaction, logger);
        await refuseNewerSchema(umzug);
        await refuseForeignTables(database, umzug, transaction);
        return (await umzug.up()).map(({ name }) => name);
      }),
    down: ({ all = false } = {}) =>
      locked(database, async (transaction) => {
        if (!(await hasMigrationsTable(database, transaction))) return [];
        const umzug = createUmzug(database, transaction, logger);
        await refuseNewerSchema(umzug);
        const reverted = await umzug.down(all ? { to: 0 } : {});
        if ((await umzug.executed()).length === 0) {
          await database.query(`drop table ${database.table('fluentmeet_migrations')}`, [], transaction);
        }
        return reverted.map(({ name }) => name);
      }),
    status: () =>
      database.transaction(async (transaction) => {
        const umzug = createUmzug(database, transaction, logger);
        const known = (await umzug.migrations({} as MigrationContext)).map(({ name }) => name);
        const applied = (await hasMigrationsTable(database, transaction))
          ? await readApplied(database, transaction)
          : new Map<string, Date>();
        const unknown = [...applied.keys()].filter((name) => !known.includes(name));
        return [...known, ...unknown].map((name) => ({
          name,
          appliedAt: applied.get(name) ?? null,
          unknown: unknown.includes(name),
        }));
      }),
  };
}

function locked<T>(database: Database, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const underLock = async (transaction: Transaction): Promise<T> => {
    const key = `fluentmeet_migrations:${database.schema}`;
    await database.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key], transaction);
    return work(transaction).catch((error: unknown) => {
      throw unwrapMigrationError(error);
    });
  };
  // A big table may take its time, and so may the migration of another process, whose end the lock waits for.
  return database.transaction(underLock, undefined, { unlimited: true });
}

/** Umzug's error carries the whole context, connection and all, and hides from a caller that the database is away. */
function unwrapMigrationError(error: unknown): unknown {
  if (!(error instanceof MigrationError)) return error;
  const cause = wrapDatabaseError(error.cause);
  if (!(cause instanceof DatabaseError)) return cause;
  const message = `Migration ${error.migration.name} failed. ${cause.message}`;
  return new DatabaseError(message, cause.sqlState, cause.constraint);
}

function createUmzug(database: Database, transaction: Transaction, logger: Logger): Umzug<MigrationContext> {
  return new Umzug<MigrationContext>({
    migrations: {
      glob: ['[0-9][0-9][0-9][0-9]-*.{js,ts}', { cwd: migrationFiles, ignore: '*.d.ts' }],
      resolve: ({ name, path, context }) => ({
        // Without its extension: a deploy from dist would otherwise apply everything again.
        name: name.replace(/\.[jt]s$/, ''),
        up: async () => (await importMigration(path)).up(context),
        down: async () => (await importMigration(path)).down(context),
      }),
    },
    context: {
      queryInterface: database.sequelize.getQueryInterface(),
      schema: database.schema,
      transaction,
    },
    storage: tableStorage(database, transaction),
    logger: umzugLogger(logger),
  });
}

interface Migration {
  up(context: MigrationContext): Promise<void>;
  down(context: MigrationContext): Promise<void>;
}

async function importMigration(path: string | undefined): Promise<Migration> {
  return (await import(pathToFileURL(path as string).href)) as Migration;
}

/** Not Umzug's SequelizeStorage: that one defines a global model and takes over a host's model of the same name. */
function tableStorage(database: Database, transaction: Transaction): UmzugStorage<MigrationContext> {
  const table = database.table('fluentmeet_migrations');
  return {
    async logMigration({ name }) {
      await database.query(`insert into ${table} (name) values ($1)`, [name], transaction);
    },
    async unlogMigration({ name }) {
      await database.query(`delete from ${table} where name = $1`, [name], transaction);
    },
    async executed() {
      return [...(await readApplied(database, transaction)).keys()];
    },
  };
}

async function readApplied(database: Database, transaction: Transaction): Promise<Map<string, Date>> {
  const rows = await database.query<{ name: string; applied_at: Date }>(
    `select name, applied_at from ${database.table('fluentmeet_migrations')} order by name`,
    [],
    transaction,
  );
  return new Map(rows.map(({ name, applied_at }) => [name, applied_at]));
}

async function hasMigrationsTable(database: Database, transaction: Transaction): Promise<boolean> {
  return (await existingTables(database, ['fluentmeet_migrations'], transaction)).length > 0;
}

async function createMigrationsTable(database: Database, transaction: Transaction): Promise<void> {
  // Looked up first: `create schema if not exists` asks for the right to create one even where it exists.
  const [schema] = await database.query(
    'select from pg_namespace where nspname = $1',
    [database.schema],
    transaction,
  );
  if (!schema) await database.query(`create schema "${database.schema}"`, [], transaction);
  if (await hasMigrationsTable(database, transaction)) return;
  await database.query(
    `create table ${database.table('fluentmeet_migrations')} (
       name text primary key,
       applied_at timestamptz not null default now()
     )`,
    [],
    transaction,
  );
}

async function refuseNewerSchema(umzug: Umzug<MigrationContext>): Promise<void> {
  const known = (await umzug.migrations({} as MigrationContext)).map(({ name }) => name);
  const applied = await (umzug.options.storage as UmzugStorage<MigrationContext>).executed({
    context: {} as MigrationContext,
  });
  const newer = applied.filter((name) => !known.includes(name));
  if (newer.length > 0) throw new SchemaAheadError(newer);
}

/** A host's own `users` must stop us with advice before a `create table` fails with less. */
async function refuseForeignTables(
  database: Database,
  umzug: Umzug<MigrationContext>,
  transaction: Transaction,
): Promise<void> {
  const pending = (await umzug.pending()).map(({ name }) => name.replace(/^\d+-/, '').replaceAll('-', '_'));
  const missing = ourTables.filter((table) => pending.includes(table));
  const foreign = await existingTables(database, missing, transaction);
  if (foreign.length > 0) throw new SchemaConflictError(database.schema, foreign);
}

async function existingTables(
  database: Database,
  names: readonly string[],
  transaction: Transaction,
): Promise<string[]> {
  const rows = await database.query<{ relname: string }>(
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2)`,
    [database.schema, names],
    transaction,
  );
  return rows.map(({ relname }) => relname);
}

function umzugLogger(logger: Logger): Umzug['options']['logger'] {
  const log = (level: 'debug' | 'info' | 'warn' | 'error') => (entry: Record<string, unknown>) => {
    logger[level]({ event: `migration.${String(entry['event'])}`, name: entry['name'] }, 'Migration');
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
