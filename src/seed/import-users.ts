import type { Context } from '../context.js';
import type { ImportedUser } from './read-import.js';

const chunk = 1_000;

export interface ImportOptions {
  onProgress?: ((done: number) => void) | undefined;
  /** Ends it after the chunk at hand, and nothing is written. */
  signal?: AbortSignal | undefined;
}

export interface ImportResult {
  imported: number;
  /** Their addresses were taken already: left as they are, so that it is safe to run twice. */
  known: number;
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
  { onProgress, signal }: ImportOptions = {},
): Promise<ImportResult> {
  const imported = await database.transaction(async (transaction) => {
    let written = 0;
    for (let start = 0; start < users.length; start += chunk) {
      signal?.throwIfAborted();
      const part = users.slice(start, start + chunk);
      const rows = await database.query(
        `insert into ${database.table('users')}
           (email, hashed_password, full_name, speaking_language, listening_language, is_verified, created_at, updated_at)
         select u.email, u.hashed_password, u.full_name, u.speaking_language, u.listening_language, u.is_verified,
           ${database.now()}, ${database.now()}
         from jsonb_to_recordset($1::jsonb) as u (email text, hashed_password text, full_name text,
           speaking_language text, listening_language text, is_verified boolean)
         on conflict (email) do nothing returning id`,
        [JSON.stringify(part)],
        transaction,
      );
      written += rows.length;
      onProgress?.(start + part.length);
    }
    return written;
  });
  const result = { imported, known: users.length - imported };
  logger.info({ event: 'operator.users-imported', ...result }, 'Users imported');
  return result;
}
