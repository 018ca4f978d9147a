import type { Context } from '../context.js';

const chunk = 1000;

/**
 * Deletes the keys of signups that are a day old, oldest first, in short transactions. Resolves with how many went.
 *
 * @param isOver asked between the transactions, to end it early
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function pruneSignUpKeys(
  { database }: Pick<Context, 'database'>,
  isOver: () => boolean = () => false,
): Promise<number> {
  const table = database.table('signup_keys');
  let pruned = 0;
  for (;;) {
    // A model's `destroy` takes no order and locks what others prune: two relays would wait for each other.
    const removed = await database.query(
      `delete from ${table} where key_hash in (
         select key_hash from ${table} where created_at < ${database.now()} - interval '25 hours'
         order by created_at limit $1 for update skip locked
       ) returning key_hash`,
      [chunk],
    );
    pruned += removed.length;
    if (removed.length < chunk || isOver()) return pruned;
  }
}
