import type { Database } from './database.js';
import type { TableName } from './tables.js';

const chunk = 1000;

/** What to delete, of any table. */
export interface PruneRequest {
  /** Milliseconds since it was settled, expired or spent. */
  olderThan: number;
  /** Asked between the statements, to end it early. */
  isOver?: (() => boolean) | undefined;
  /** Told of each part that went: what has gone stays gone, also where the next statement fails. */
  onPruned?: ((count: number) => void) | undefined;
}

export interface PrunedTable {
  name: TableName;
  key: string;
  /** SQL: whether a row is old, given the moment before which it is. */
  isOld: (cutoff: string) => string;
}

/**
 * Deletes the old rows of a table, some at a time. In SQL: a model's `destroy` locks in no order what others prune, and
 * two relays would wait for each other. Resolves with how many went.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneRows(
  database: Database,
  { name, key, isOld }: PrunedTable,
  { olderThan, isOver = () => false, onPruned }: PruneRequest,
): Promise<number> {
  const table = database.table(name);
  const cutoff = `${database.now()} - $1 * interval '1 millisecond'`;
  let pruned = 0;
  for (;;) {
    const removed = await database.query(
      `delete from ${table} where ${key} = any (array(
         select ${key} from ${table} where ${isOld(cutoff)} limit $2 for update skip locked
       )) returning ${key}`,
      [olderThan, chunk],
    );
    pruned += removed.length;
    onPruned?.(removed.length);
    if (removed.length < chunk || isOver()) return pruned;
  }
}
