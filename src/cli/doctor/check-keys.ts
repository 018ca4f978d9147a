import type { Internals } from '../../fluentmeet.js';
import { type AnyModel, columnsOf, tableOf } from './our-tables.js';

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
export async function indexFaults({ database, models }: Internals): Promise<string[]> {
  // As text: a host's table of types reads booleans as it likes.
  const rows = await database.query<{
    table: string;
    columns: string;
    unique: string;
    condition: string | null;
  }>(
    `select c.relname as table, (
       select string_agg(a.attname, ', ' order by a.attname) from pg_attribute a
       where a.attrelid = c.oid and a.attnum = any(i.indkey[0:i.indnkeyatts - 1])
     ) as columns, i.indisunique::text as unique, pg_get_expr(i.indpred, i.indrelid) as condition
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and i.indisvalid and i.indexprs is null`,
    [database.schema],
  );
  return (Object.values(models) as AnyModel[])
    .flatMap(indexesOf)
    .filter(({ table, columns, unique, status }) => {
      const serves = (row: (typeof rows)[number]): boolean =>
        row.table === table &&
        row.columns === columns &&
        (status === undefined ? row.condition === null : row.condition?.includes(`'${status}'`) === true) &&
        (!unique || row.unique === 'true');
      return !rows.some(serves);
    })
    .map(({ table, columns, unique, status }) =>
      unique
        ? `${table} (${columns}) is not unique any more`
        : `${table} (${columns}) has no index ${status ? `for ${status} rows ` : ''}any more`,
    );
}

function indexesOf(model: AnyModel): Index[] {
  const table = tableOf(model);
  const key = columnsOf(model).flatMap(({ primaryKey, field }) => (primaryKey ? [field] : []));
  const { indexes = [] } = model.options;
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
export async function referenceFaults({ database, models }: Internals): Promise<string[]> {
  const rows = await database.query<{ table: string; column: string; target: string; action: string }>(
    `select c.relname as table, a.attname as column, t.relname as target, r.confdeltype::text as action
     from pg_constraint r join pg_class c on c.oid = r.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = r.confrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = r.conkey[1]
     where n.nspname = $1 and r.contype = 'f'`,
    [database.schema],
  );
  return (Object.values(models) as AnyModel[]).flatMap((model) =>
    columnsOf(model).flatMap(({ field, references, onDelete }) => {
      if (references === undefined) return [];
      const target = (references as { model: string }).model;
      const at = `${tableOf(model)}.${field}`;
      const row = rows.find(
        (one) => one.table === tableOf(model) && one.column === field && one.target === target,
      );
      if (!row) return [`${at} refers to ${target} no more`];
      // Cascade, or set null where the column can be null.
      const lets = { CASCADE: 'c', 'SET NULL': 'cn' }[onDelete?.toUpperCase() ?? ''];
      return lets && !lets.includes(row.action) ? [`${at} keeps a row of ${target} from being removed`] : [];
    }),
  );
}
