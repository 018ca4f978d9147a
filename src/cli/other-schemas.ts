import { existingTables } from '../database/migrator.js';
import type { Internals } from '../fluentmeet.js';
import type { Io } from './terminal/io.js';
import { hostValue, readTexts } from './settings/options-from-env.js';

/**
 * The other schemas of this database that hold tables of ours: where a variable is forgotten, those are meant. In SQL: the
 * catalogue is no model of ours.
 */
export async function otherSchemas({ database }: Internals): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select n.nspname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = 'fluentmeet_migrations' and c.relkind = 'r' and n.nspname <> $1 order by n.nspname`,
    [database.schema],
  );
  return rows.map(({ name }) => name);
}

/** Whoever names a schema means it, be it the default one. */
export function namesSchema(io: Pick<Io, 'env' | 'cwd' | 'hostOptions'>): boolean {
  const name = 'FLUENTMEET_DATABASE_SCHEMA';
  return Boolean(readTexts(io, [])[name]?.trim()) || hostValue(io.hostOptions ?? {}, name) !== undefined;
}

/** What is the matter where our tables are in other schemas alone, and both ways on; undefined where they are not. */
export async function tablesElsewhere(
  internals: Internals,
): Promise<{ message: string; advice: string } | undefined> {
  const { database } = internals;
  const { schema } = database;
  if ((await existingTables(database, ['fluentmeet_migrations'])).length > 0) return undefined;
  const others = await otherSchemas(internals);
  if (others.length === 0) return undefined;
  return {
    message: `no table of ours in "${schema}", but in ${quoted(others)}`,
    advice:
      `Name it: FLUENTMEET_DATABASE_SCHEMA=${others[0]}, or --config with the host's options. ` +
      `Where this one shall have tables as well: FLUENTMEET_DATABASE_SCHEMA=${schema} fluentmeet migrate up`,
  };
}

/** For a sentence. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
