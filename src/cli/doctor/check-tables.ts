import type { Model, ModelAttributeColumnOptions, ModelStatic } from 'sequelize';
import type { Internals } from '../../fluentmeet.js';
import type { Models } from '../../models.js';
import { fail, type Finding, ok } from './finding.js';

const sqlTypes: Readonly<Record<string, string>> = {
  BIGINT: 'bigint',
  INTEGER: 'integer',
  TEXT: 'text',
  BOOLEAN: 'boolean',
  UUID: 'uuid',
  DATE: 'timestamp with time zone',
  BLOB: 'bytea',
};

const restore =
  'Undo what was changed by hand, or restore the schema from a backup: migrations bring back nothing that they applied.';

/** Whether the tables are still as the models have them: somebody's DDL, or half a restore. By the catalogue alone. */
export async function checkTables(internals: Internals): Promise<Finding> {
  const faults = [
    ...(await columnFaults(internals)),
    ...(await indexFaults(internals)),
    ...(await referenceFaults(internals)),
  ];
  return faults.length > 0
    ? fail('tables', faults.join('; '), restore)
    : ok('tables', 'columns, indexes and references are as this code has them');
}

type OurTable = ReturnType<typeof tablesOf>[number];

/** As the models have them. */
function tablesOf(models: Models) {
  return (Object.values(models) as ModelStatic<Model>[]).map((model) => ({
    name: model.options.tableName as string,
    indexes: model.options.indexes ?? [],
    columns: Object.entries(model.getAttributes() as Record<string, ModelAttributeColumnOptions>).map(
      ([name, attribute]) => ({ ...attribute, field: attribute.field ?? name }),
    ),
  }));
}

interface ColumnRow {
  table: string;
  name: string;
  type: string;
  required: boolean;
  filled: boolean;
}

async function columnFaults({ database, models }: Internals): Promise<string[]> {
  const rows = await database.query<ColumnRow>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
       a.attnotnull as required, a.atthasdef or a.attidentity <> '' as filled
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and a.attnum > 0 and not a.attisdropped`,
    [database.schema],
  );
  return tablesOf(models).flatMap(({ name: tableName, columns: attributes }) => {
    const columns = rows.filter(({ table }) => table === tableName);
    if (columns.length === 0) return [`the table ${tableName} is missing`];
    const known = new Set(attributes.map(({ field }) => field));
    return [
      ...attributes.flatMap(({ field, type, allowNull, primaryKey, autoIncrement, defaultValue }) => {
        const column = columns.find((one) => one.name === field);
        const at = `${tableName}.${field}`;
        if (!column) return [`${at} is missing`];
        const wanted = sqlTypes[(type as { key?: string }).key ?? ''];
        if (wanted !== undefined && column.type !== wanted) return [`${at} is ${column.type}, not ${wanted}`];
        if (autoIncrement && !column.filled) return [`${at} makes no numbers of its own`];
        if (defaultValue !== undefined && !column.filled) return [`${at} has no default any more`];
        const isRequired = allowNull === false || primaryKey === true;
        if (isRequired && !column.required) return [`${at} may be null`];
        return !isRequired && column.required && !column.filled ? [`${at} may not be null`] : [];
      }),
      ...columns
        .filter(({ name, required, filled }) => !known.has(name) && required && !filled)
        .map(({ name }) => `${tableName}.${name} is not ours, and must be filled`),
    ];
  });
}

interface Index {
  table: string;
  /** Sorted, and joined by commas. */
  columns: string;
  unique: boolean;
  /** Of the rows with this status alone. */
  status: string | undefined;
}

/**
 * What is missing of primary keys and indexes. Without a unique one two requests at once make two accounts of one address;
 * without another each claim reads the whole history.
 */
async function indexFaults({ database, models }: Internals): Promise<string[]> {
  const rows = await database.query<{
    table: string;
    columns: string;
    unique: boolean;
    condition: string | null;
  }>(
    `select c.relname as table, (
       select string_agg(a.attname, ', ' order by a.attname) from pg_attribute a
       where a.attrelid = c.oid and a.attnum = any(i.indkey[0:i.indnkeyatts - 1])
     ) as columns, i.indisunique as unique, pg_get_expr(i.indpred, i.indrelid) as condition
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and i.indisvalid and i.indexprs is null`,
    [database.schema],
  );
  return tablesOf(models)
    .flatMap(indexesOf)
    .filter(({ table, columns, unique, status }) => {
      const serves = (row: (typeof rows)[number]): boolean =>
        row.table === table &&
        row.columns === columns &&
        (status === undefined ? row.condition === null : row.condition?.includes(`'${status}'`) === true) &&
        (!unique || row.unique);
      return !rows.some(serves);
    })
    .map(({ table, columns, unique, status }) =>
      unique
        ? `${table} (${columns}) is not unique any more`
        : `${table} (${columns}) has no index ${status ? `for ${status} rows ` : ''}any more`,
    );
}

function indexesOf({ name: table, columns, indexes }: OurTable): Index[] {
  const key = columns.flatMap(({ primaryKey, field }) => (primaryKey ? [field] : []));
  return [
    { table, columns: joined(key), unique: true, status: undefined },
    ...indexes.map(({ fields = [], unique = false, where }) => ({
      table,
      columns: joined(fields as string[]),
      unique,
      status: (where as { status?: string } | undefined)?.status,
    })),
  ];
}

function joined(columns: readonly string[]): string {
  return columns.toSorted().join(', ');
}

/** Without its reference a row outlives the account that it is of: its removal leaves tokens and mails behind. */
async function referenceFaults({ database, models }: Internals): Promise<string[]> {
  const rows = await database.query<{ table: string; column: string; target: string; action: string }>(
    `select c.relname as table, a.attname as column, t.relname as target, r.confdeltype::text as action
     from pg_constraint r join pg_class c on c.oid = r.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = r.confrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = r.conkey[1]
     where n.nspname = $1 and r.contype = 'f'`,
    [database.schema],
  );
  return tablesOf(models).flatMap(({ name, columns }) =>
    columns.flatMap(({ field, references, onDelete }) => {
      if (references === undefined) return [];
      const target = (references as { model: string }).model;
      const at = `${name}.${field}`;
      const row = rows.find((one) => one.table === name && one.column === field && one.target === target);
      if (!row) return [`${at} refers to ${target} no more`];
      // Cascade, or set null where the column can be null.
      const lets = { CASCADE: 'c', 'SET NULL': 'cn' }[onDelete?.toUpperCase() ?? ''];
      return lets && !lets.includes(row.action) ? [`${at} keeps a row of ${target} from being removed`] : [];
    }),
  );
}

/** Behind its rows, as an import leaves it, a sequence gives numbers that are taken: 500 until it has caught up. */
export async function checkSequences({ database, models }: Internals): Promise<Finding> {
  const cures: string[] = [];
  for (const { name, columns } of tablesOf(models)) {
    const numbered = columns.find(({ autoIncrement }) => autoIncrement);
    if (!numbered) continue;
    const table = `"${database.schema}"."${name}"`;
    const column = numbered.field;
    // A user that only serves may not look at a sequence, and needs no right on it.
    const [sequence] = await database.query<{ name: string }>(
      `select name from pg_get_serial_sequence($1, $2) name where has_sequence_privilege(name, 'select')`,
      [table, column],
    );
    if (!sequence) continue;
    // Of the sequence itself: pg_sequences has no last value of one that was told where to go on ("restart with").
    const [row] = await database.query<{ next: string; newest: string | null }>(
      `select (last_value + is_called::int)::text as next, (select max("${column}")::text from ${table}) as newest
       from ${sequence.name}`,
    );
    if (row && Number(row.newest ?? 0) >= Number(row.next)) {
      cures.push(
        `select setval(pg_get_serial_sequence('${table}', '${column}'), (select max("${column}") from ${table}));`,
      );
    }
  }
  return cures.length > 0
    ? fail('sequences', 'numbers that are taken would be given again: after an import, say', cures.join(' '))
    : ok('sequences', 'ahead of their rows');
}

/** In any other encoding some names and passwords cannot be stored: a 500 for whoever has one. */
export async function checkEncoding({ database }: Internals): Promise<Finding> {
  const [row] = await database.query<{ encoding: string }>(
    `select current_setting('server_encoding') as encoding`,
  );
  return row?.encoding === 'UTF8'
    ? ok('encoding', 'UTF8')
    : fail(
        'encoding',
        `the database is in ${row?.encoding}: names in other scripts cannot be stored`,
        'Make one in UTF-8 (createdb --encoding=UTF8 --template=template0), and move everything there by pg_dump.',
      );
}

/** A standby, or a database or user that was told to take no writes. */
export async function checkWritable({ database }: Internals): Promise<Finding> {
  const [row] = await database.query<{ standby: boolean; readonly: string }>(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') as readonly`,
  );
  if (row?.standby) {
    return fail(
      'writing',
      'this is a standby, which takes no writes',
      'Let DATABASE_URL name the primary, or promote it.',
    );
  }
  if (row?.readonly === 'on') {
    return fail(
      'writing',
      'default_transaction_read_only is on: nothing can be written',
      'alter database … reset default_transaction_read_only; (or of the user, or of the server)',
    );
  }
  return ok('writing', 'the database takes writes');
}
