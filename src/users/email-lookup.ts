import { setImmediate } from 'node:timers/promises';
import type { Database } from '../database/database.js';

/** Whether an account has this canonical address. A soft-deleted one keeps it taken. */
export type EmailLookup = (email: string) => Promise<boolean>;

/**
 * Addresses that are asked for in the same turn of the event loop share a query: for a look-up, planning and two
 * messages are nearly all of its cost, and a busy host reads several requests a turn.
 */
export function createEmailLookup(database: Database): EmailLookup {
  let gathering: { emails: string[]; taken: Promise<ReadonlySet<string>> } | undefined;

  async function look(emails: readonly string[]): Promise<ReadonlySet<string>> {
    await setImmediate();
    gathering = undefined;
    const rows = await database.query<{ email: string }>(
      `select email from ${database.table('users')} where email = any($1)`,
      [emails],
    );
    return new Set(rows.map(({ email }) => email));
  }

  return async (email) => {
    if (!gathering) {
      const emails: string[] = [];
      gathering = { emails, taken: look(emails) };
    }
    gathering.emails.push(email);
    return (await gathering.taken).has(email);
  };
}
