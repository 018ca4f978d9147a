import type { Database } from '../database/database.js';
import { perTurn } from '../database/per-turn.js';

/** Whether an account has this canonical address. A soft-deleted one keeps it taken. */
export type EmailLookup = (email: string) => Promise<boolean>;

export function createEmailLookup(database: Database): EmailLookup {
  const takenOf = perTurn(async (emails: readonly string[]) => {
    const rows = await database.query<{ email: string }>(
      `select email from ${database.table('users')} where email = any($1)`,
      [emails],
    );
    return new Set(rows.map(({ email }) => email));
  });
  return async (email) => (await takenOf(email)).has(email);
}
