import type { Database } from '../database/database.js';
import { withDeadline } from '../deadline.js';
import type { UserRow } from '../users/public-profile.js';

/**
 * Whether a commit whose answer was lost took place: looks for the token that only it can have written. A blind retry
 * would answer 409 to the person who just signed up. Undefined where it did not.
 *
 * @param patience milliseconds
 * @throws where the database cannot say, or not in time
 */
export async function findUserByToken(
  database: Database,
  tokenId: string,
  patience: number,
): Promise<UserRow | undefined> {
  // One round trip for both tables, of which little time is left.
  const lookup = database.query<UserRow>(
    `select u.* from ${database.table('users')} u
     join ${database.table('verification_tokens')} t on t.user_id = u.id where t.id = $1`,
    [tokenId],
  );
  const rows = await withDeadline(lookup, patience, 'looking for the signup');
  return rows[0];
}
