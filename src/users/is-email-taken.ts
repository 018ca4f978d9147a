import type { Database } from '../database/database.js';

/** A soft-deleted account keeps its address taken. */
export async function isEmailTaken(database: Database, email: string): Promise<boolean> {
  const rows = await database.query(`select from ${database.table('users')} where email = $1`, [email]);
  return rows.length > 0;
}
