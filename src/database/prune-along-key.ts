import type { Database } from './database.js';
import type { PruneRequest } from './prune-rows.js';
import type { TableName } from './tables.js';

const chunk = 1000;

export interface WalkedTable {
  name: TableName;
  /** The columns of the primary key, in its order, each with a value before all others. */
  key: Readonly<Record<string, unknown>>;
  /** SQL: whether a row goes, given the moment before which it is old. It has to name that moment. */
  isOld: (cutoff: string) => string;
  /** SQL: whether no row behind this one can be old. */
  isYoung?: (cutoff: string) => string;
}

/**
 * Deletes the old rows of a table, along its primary key from the first: for a table that has no index to find them by,
 * and none is worth its price. Each part is one short statement, which looks at a thousand rows, waits for nobody who
 * holds one, and judges each as it is by then and not as it was seen: an operator may be replaying an email. Two at once
 * share the work. Resolves with how many went.
 *
 * In SQL: it reads, locks and deletes a part in one trip. Each row is looked up by its key (`lateral`), and deleted by its
 * place: joined with the part, PostgreSQL would rather read the whole table.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneAlongKey(
  database: Database,
  { name, key, isOld, isYoung = () => 'false' }: WalkedTable,
  { olderThan, isOver = () => false, onPruned }: PruneRequest,
): Promise<number> {
  const table = database.table(name);
  const cutoff = `${database.now()} - $1 * interval '1 millisecond'`;
  const columns = Object.keys(key);
  const keys = columns.join(', ');
  const after = columns.map((_, index) => `$${index + 3}`).join(', ');
  const isSame = columns.map((column) => `t.${column} = part.${column}`).join(' and ');
  const sql = `
    with part as (
      select ${keys}, ${isYoung(cutoff)} as is_young from ${table} where (${keys}) > (${after}) order by ${keys} limit $2
    ), doomed as (
      select old.place from part cross join lateral (
        select t.ctid as place from ${table} t where ${isSame} and ${isOld(cutoff)} for update skip locked
      ) old where not part.is_young
    ), removed as (
      delete from ${table} where ctid = any (array(select place from doomed)) returning 1
    )
    select last.*, totals.*, (select count(*) from removed) as removed
    from (select count(*) as seen, count(*) filter (where is_young) as young from part) totals
      left join (select ${keys} from part order by ${columns.map((column) => `${column} desc`).join(', ')} limit 1) last on true`;
  let pruned = 0;
  let last = Object.values(key);
  for (;;) {
    const [step] = await database.query<Step>(sql, [olderThan, chunk, ...last]);
    const removed = Number(step?.removed);
    pruned += removed;
    onPruned?.(removed);
    if (!step || Number(step.seen) < chunk || Number(step.young) > 0 || isOver()) return pruned;
    last = columns.map((column) => step[column]);
  }
}

interface Step {
  seen: string;
  young: string;
  removed: string;
  [column: string]: unknown;
}
