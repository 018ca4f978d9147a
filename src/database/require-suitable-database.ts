import type { Transaction } from 'sequelize';
import { UnsuitableDatabaseError } from '../errors.js';
import type { Database } from './database.js';
import { ourTables } from './tables.js';

/**
 * What a migration would otherwise fail of with less to say, or a signup later on: a database that cannot hold every
 * name, and rights that its role lacks. The error names the statement that cures it.
 *
 * In SQL: PostgreSQL's catalogue is no model of ours.
 *
 * @throws UnsuitableDatabaseError
 */
export async function requireSuitableDatabase(database: Database, transaction: Transaction): Promise<void> {
  const [row] = await database.query<Found>(
    `select current_database() as database, current_user as role,
       pg_encoding_to_char(encoding) as encoding,
       has_database_privilege(oid, 'create') as may_create_schema,
       (select has_schema_privilege(n.oid, 'create') and has_schema_privilege(n.oid, 'usage')
        from pg_namespace n where n.nspname = $1) as may_create_table,
       (select json_agg(json_build_object('table', c.relname, 'owner', pg_get_userbyid(c.relowner)))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relname = any($2) and c.relkind = 'r'
          and not pg_has_role(c.relowner, 'member')) as foreign_tables
     from pg_database where datname = current_database()`,
    [database.schema, [...ourTables, 'fluentmeet_migrations']],
    transaction,
  );
  const cure = row && cureOf(row, database.schema);
  if (cure) throw new UnsuitableDatabaseError(cure);
}

interface Found {
  database: string;
  role: string;
  encoding: string;
  may_create_schema: boolean;
  /** null where there is no such schema yet. */
  may_create_table: boolean | null;
  foreign_tables: { table: string; owner: string }[] | null;
}

/** Whoever serves need not own the tables, and better does not. */
const asOwner =
  'Migrate as the role that is to own our tables, and let this one serve alone. Or let this one own them,';

function cureOf(found: Found, schema: string): string | undefined {
  const role = quoted(found.role);
  if (found.encoding !== 'UTF8') {
    return (
      `The database ${quoted(found.database)} is in ${found.encoding}, which cannot hold every name. ` +
      `Create one in UTF-8: create database ${quoted(found.database)} encoding 'UTF8' template template0`
    );
  }
  const [foreign] = found.foreign_tables ?? [];
  if (foreign) {
    return `The tables in ${quoted(schema)} belong to ${quoted(foreign.owner)}, not to ${role}. Migrate as their owner, or: grant ${quoted(foreign.owner)} to ${role}`;
  }
  if (found.may_create_table === null && !found.may_create_schema) {
    return `The role ${role} may not create the schema ${quoted(schema)}. ${asOwner} as an administrator: create schema ${quoted(schema)} authorization ${role}`;
  }
  if (found.may_create_table === false) {
    return `The role ${role} may not create tables in ${quoted(schema)}. ${asOwner} as the schema's owner: grant usage, create on schema ${quoted(schema)} to ${role}`;
  }
  return undefined;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
