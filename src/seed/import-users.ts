import type { Context } from '../context.js';
import { importedColumns, type ImportedUser } from './read-import.js';

const chunk = 1_000;

export interface ImportOptions {
  /** Writes nothing, and asks only who would be written. */
  dryRun?: boolean;
  onProgress?: ((done: number) => void) | undefined;
  /** Ends it after the chunk at hand, and nothing is written. */
  signal?: AbortSignal | undefined;
}

export interface ImportResult {
  imported: number;
  /** Those who were imported, or would be. */
  fresh: ImportedUser[];
  /** Their addresses were taken already: left as they are, so that it is safe to run twice. */
  known: number;
  /**
   * Those of the known who are verified there, and whose account here nobody verified: its password is of whoever signed
   * up, who may be a stranger. Not those that are inactive here, which keep their address taken on purpose.
   */
  unverified: ImportedUser[];
}

/**
 * Writes users of another system, with their hashes as they are and without any mail: all of them in one transaction, or
 * none. Calls no hook: the host brings its own rows along.
 *
 * In SQL: a thousand rows a statement, and what is there already is left alone.
 *
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function importUsers(
  { database, logger }: Pick<Context, 'database' | 'logger'>,
  users: readonly ImportedUser[],
  { dryRun = false, onProgress, signal }: ImportOptions = {},
): Promise<ImportResult> {
  // By the table's own types: its columns are named in read-import alone.
  const rows = `jsonb_populate_recordset(null::${database.table('users')}, $1::jsonb) as u`;
  const columns = importedColumns.join(', ');
  const insert = `insert into ${database.table('users')} (${columns}, created_at, updated_at)
     select ${columns}, ${database.now()}, ${database.now()} from ${rows}
     on conflict (email) do nothing returning email`;
  // The table before the rows, as in the insert: where it is missing, that is what PostgreSQL says (42P01), and not that
  // there is no such type (42704), which many other things can mean.
  const ask = `select u.email from ${database.table('users')} taken right join ${rows} on taken.email = u.email
     where taken.email is null`;
  const askUnverified = `select u.email from ${rows} join ${database.table('users')} taken on taken.email = u.email
     where u.is_verified and not taken.is_verified and taken.is_active and taken.deleted_at is null`;
  const { written: addresses, unproved } = await database.transaction(async (transaction) => {
    const written = new Set<string>();
    const unproved = new Set<string>();
    for (let start = 0; start < users.length; start += chunk) {
      signal?.throwIfAborted();
      const part = users.slice(start, start + chunk);
      const bind = [JSON.stringify(part)];
      const found = await database.query<{ email: string }>(dryRun ? ask : insert, bind, transaction);
      for (const { email } of found) written.add(email);
      if (found.length < part.length) {
        const taken = await database.query<{ email: string }>(askUnverified, bind, transaction);
        for (const { email } of taken) unproved.add(email);
      }
      onProgress?.(start + part.length);
    }
    return { written, unproved };
  });
  const fresh = users.filter(({ email }) => addresses.has(email));
  const known = users.length - fresh.length;
  const unverified = users.filter(({ email }) => unproved.has(email));
  if (dryRun) return { imported: 0, known, unverified, fresh };
  const counts = { imported: fresh.length, known, unverified: unverified.length };
  logger.info({ event: 'operator.users-imported', ...counts }, 'Users imported');
  return { imported: fresh.length, known, unverified, fresh };
}
