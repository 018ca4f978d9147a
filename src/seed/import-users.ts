import type { Transaction } from 'sequelize';
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
 * @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`), DatabaseError (`DATABASE_ERROR`)
 */
export async function importUsers(
  context: Pick<Context, 'database' | 'logger' | 'models'>,
  users: readonly ImportedUser[],
  { dryRun = false, onProgress, signal }: ImportOptions = {},
): Promise<ImportResult> {
  const { written: addresses, unproved } = await context.database.transaction(async (transaction) => {
    const written = new Set<string>();
    const unproved = new Set<string>();
    for (let start = 0; start < users.length; start += chunk) {
      const part = users.slice(start, start + chunk);
      const fresh = await (dryRun ? findFree : insert)(context, part, transaction);
      for (const email of fresh) written.add(email);
      if (fresh.length < part.length) {
        for (const email of await findUnproved(context, part, transaction)) unproved.add(email);
      }
      onProgress?.(start + part.length);
      signal?.throwIfAborted();
    }
    return { written, unproved };
  });
  const fresh = users.filter(({ email }) => addresses.has(email));
  const known = users.length - fresh.length;
  const unverified = users.filter(({ email }) => unproved.has(email));
  if (dryRun) return { imported: 0, known, unverified, fresh };
  const counts = { imported: fresh.length, known, unverified: unverified.length };
  context.logger.info({ event: 'operator.users-imported', ...counts }, 'Users imported');
  return { imported: fresh.length, known, unverified, fresh };
}

/** Resolves with the addresses of those who were not there before. */
async function insert(
  { database }: Pick<Context, 'database'>,
  users: readonly ImportedUser[],
  transaction: Transaction,
): Promise<string[]> {
  const table = database.table('users');
  const columns = importedColumns.join(', ');
  // SQL: `bulkCreate` does not tell whom it left alone. By the table's own types: the columns are named in read-import alone.
  const rows = await database.query<{ email: string }>(
    `insert into ${table} (${columns}, created_at, updated_at)
     select ${columns}, ${database.now()}, ${database.now()} from jsonb_populate_recordset(null::${table}, $1::jsonb)
     on conflict (email) do nothing returning email`,
    [JSON.stringify(users)],
    transaction,
  );
  return rows.map(({ email }) => email);
}

/** The addresses that are not taken: a deleted account keeps its own. */
async function findFree(
  { models }: Pick<Context, 'models'>,
  users: readonly ImportedUser[],
  transaction: Transaction,
): Promise<string[]> {
  const emails = users.map(({ email }) => email);
  const rows = await models.User.findAll({
    attributes: ['email'],
    where: { email: emails },
    paranoid: false,
    raw: true,
    transaction,
  });
  const taken = new Set(rows.map(({ email }) => email));
  return emails.filter((email) => !taken.has(email));
}

/** Of those whom the file has as verified, the addresses whose account here nobody verified. */
async function findUnproved(
  { models }: Pick<Context, 'models'>,
  users: readonly ImportedUser[],
  transaction: Transaction,
): Promise<string[]> {
  const email = users.filter(({ is_verified }) => is_verified).map((user) => user.email);
  const where = { email, is_verified: false, is_active: true };
  const rows = await models.User.findAll({ attributes: ['email'], where, raw: true, transaction });
  return rows.map((row) => row.email);
}
