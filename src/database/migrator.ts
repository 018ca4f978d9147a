import type { Transaction } from 'sequelize';
import type { MigrationError, Umzug, UmzugStorage } from 'umzug';
import { type MigrationContext, migrations } from './migrations.js';
import { DatabaseError, SchemaAheadError, SchemaConflictError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Database } from './database.js';
import { wrapDatabaseError } from './database-error.js';
import { requireSuitableDatabase } from './require-suitable-database.js';
import { ourTables, tableOrigins } from './tables.js';

export interface MigrationStatus {
  name: string;
  /** null while pending. */
  appliedAt: Date | null;
  /** Applied by a newer version; this code does not have it. */
  unknown: boolean;
}

export type Migrator = ReturnType<typeof createMigrator>;

const known = Object.keys(migrations);

/**
 * Umzug over one transaction and one advisory lock (Umzug has none): many processes may start at once, and one killed
 * midway leaves nothing half done.
 *
 * In SQL: locks, schemas and the catalogue are no rows of a model, and the migrations' own table comes before them all.
 */
export function createMigrator(database: Database, logger: Logger) {
  return {
    /** Applies what is pending; resolves with the names. @throws SchemaConflictError, SchemaAheadError */
    up: (): Promise<string[]> =>
      locked(database, async (transaction) => {
        const applied = await readApplied(database, transaction);
        refuseNewerSchema(applied);
        if (known.every((name) => applied.has(name))) return [];
        await refuseForeignTables(database, applied, transaction);
        await requireSuitableDatabase(database, transaction);
        await createMigrationsTable(database, transaction);
        const umzug = await createUmzug(database, transaction, logger);
        return (await umzug.up()).map(({ name }) => name);
      }),
    /** Reverts the last migration, or all of them; resolves with the names. Destroys their tables. @throws SchemaAheadError */
    down: ({ all = false }: { all?: boolean } = {}) =>
      locked(database, async (transaction): Promise<string[]> => {
        const applied = await readApplied(database, transaction);
        refuseNewerSchema(applied);
        if (!(await hasMigrationsTable(database, transaction))) return [];
        const umzug = await createUmzug(database, transaction, logger);
        const reverted = await umzug.down(all ? { to: 0 } : {});
        if ((await umzug.executed()).length === 0) {
          await database.query(`drop table ${database.table('fluentmeet_migrations')}`, [], transaction);
        }
        return reverted.map(({ name }) => name);
      }),
    /** In the order of application. Changes nothing, not even the migrations' own table. */
    status: (): Promise<MigrationStatus[]> =>
      database.transaction(async (transaction) => {
        const applied = await readApplied(database, transaction);
        const unknown = unknownOf(applied);
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
  if ((error as Error)?.name !== 'MigrationError') return error;
  const { migration, cause: reason } = error as MigrationError;
  const cause = wrapDatabaseError(reason);
  if (!(cause instanceof DatabaseError)) return cause;
  const message = `Migration ${migration.name} failed. ${cause.message}`;
  return new DatabaseError(message, cause.sqlState, cause.constraint, cause.table);
}

async function createUmzug(
  database: Database,
  transaction: Transaction,
  logger: Logger,
): Promise<Umzug<MigrationContext>> {
  // Not before it is needed: it takes a tenth of a second, and its own dependencies put functions of theirs in the place
  // of process.cwd, process.chdir, fs.close and fs.closeSync.
  const { Umzug } = await import('umzug');
  return new Umzug<MigrationContext>({
    migrations: Object.entries(migrations).map(([name, { up, down }]) => ({
      name,
      up: ({ context }) => up(context),
      down: ({ context }) => down(context),
    })),
    context: {
      queryInterface: database.sequelize.getQueryInterface(),
      schema: database.schema,
      transaction,
    },
    storage: tableStorage(database, transaction),
    logger: umzugLogger(logger),
  });
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

/** Empty where nothing was migrated yet. */
async function readApplied(database: Database, transaction: Transaction): Promise<Map<string, Date>> {
  if (!(await hasMigrationsTable(database, transaction))) return new Map();
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
  await database.query(
    `create table if not exists ${database.table('fluentmeet_migrations')} (
       name text primary key,
       applied_at timestamptz not null default now()
     )`,
    [],
    transaction,
  );
}

function unknownOf(applied: ReadonlyMap<string, Date>): string[] {
  return [...applied.keys()].filter((name) => !known.includes(name));
}

function refuseNewerSchema(applied: ReadonlyMap<string, Date>): void {
  const newer = unknownOf(applied);
  if (newer.length > 0) throw new SchemaAheadError(newer);
}

/** A host's own `users` must stop us with advice before a `create table` fails with less. */
async function refuseForeignTables(
  database: Database,
  applied: ReadonlyMap<string, Date>,
  transaction: Transaction,
): Promise<void> {
  const missing = ourTables.filter((table) => !applied.has(tableOrigins[table]));
  const foreign = await existingTables(database, missing, transaction);
  if (foreign.length > 0) throw new SchemaConflictError(database.schema, foreign);
}

/** Those of the names that a table of our schema bears, whoever made it. */
export async function existingTables(
  database: Database,
  names: readonly string[],
  transaction?: Transaction,
): Promise<string[]> {
  const rows = await database.query<{ relname: string }>(
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2) order by c.relname`,
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
