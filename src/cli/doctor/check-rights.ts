import { ourTables } from '../../database/tables.js';
import type { Internals } from '../../fluentmeet.js';
import { fail, type Finding, ok } from './finding.js';

const everything = ['select', 'insert', 'update', 'delete'];

/** What `fluentmeet serve` needs of this user, by the catalogue: who lacks a right may not even look at the tables. */
export async function checkRights({ database }: Internals): Promise<Finding> {
  const { schema } = database;
  const [usage] = await database.query<{ user: string; allowed: boolean | null }>(
    `select quote_ident(current_user) as user,
       has_schema_privilege(oid, 'usage') as allowed
     from (select current_user) u left join pg_namespace on nspname = $1`,
    [schema],
  );
  const user = usage?.user ?? 'this user';
  const wanted = [
    ...ourTables.flatMap((table) => everything.map((right) => ({ table, right }))),
    { table: 'fluentmeet_migrations', right: 'select' },
  ];
  const rights = await database.query<{ table: string; right: string; is_granted: boolean }>(
    `select w."table", w."right", has_table_privilege(c.oid, w."right") as is_granted
     from unnest($2::text[], $3::text[]) w ("table", "right")
     join pg_namespace n on n.nspname = $1 join pg_class c on c.relnamespace = n.oid and c.relname = w."table"
     order by w."table", array_position($4::text[], w."right")`,
    [schema, wanted.map(({ table }) => table), wanted.map(({ right }) => right), everything],
  );
  const missing = rights.filter(({ is_granted }) => !is_granted);
  const grants = grantsFor(missing, schema, user);
  // Null where there is no such schema.
  if (usage?.allowed === false) {
    grants.unshift(`grant usage on schema "${schema}" to ${user};`);
  }
  if (grants.length === 0) {
    return ok(
      'rights',
      rights.length > 0 ? 'this user may read and write our tables' : 'no table of ours yet',
    );
  }
  const lacks = missing.map(({ table, right }) => `${right} on ${table}`).join(', ');
  return fail('rights', `this user lacks ${lacks || `usage on schema "${schema}"`}`, grants.join(' '));
}

/** A statement for each set of rights. */
function grantsFor(
  missing: readonly { table: string; right: string }[],
  schema: string,
  user: string,
): string[] {
  const tablesOf = new Map<string, string[]>();
  for (const table of new Set(missing.map((one) => one.table))) {
    const rights = missing.filter((one) => one.table === table).map(({ right }) => right);
    const key = rights.join(', ');
    tablesOf.set(key, [...(tablesOf.get(key) ?? []), `"${schema}"."${table}"`]);
  }
  return [...tablesOf].map(([rights, tables]) => `grant ${rights} on ${tables.join(', ')} to ${user};`);
}
