import type { Context } from '../context.js';
import { type Account, accountColumns, type AccountRow, toAccount } from './account.js';

/** Conditions add up. */
export interface UserFilter {
  verified?: boolean | undefined;
  active?: boolean | undefined;
  /** Deleted ones instead of the others. Default false. */
  deleted?: boolean | undefined;
  /** Signed up at this time or later. */
  since?: Date | undefined;
  /** Only users with a smaller id: the `next` of the page before. */
  before?: number | undefined;
  /** Default 30. */
  limit?: number | undefined;
}

export interface UserPage {
  /** Newest first. */
  users: Account[];
  /** `before` of the next page; null when there is none. */
  next: number | null;
}

/** By the primary key, so that a page costs the same however far down it is. @throws ServiceUnavailableError */
export async function listUsers({ database }: Context, filter: UserFilter = {}): Promise<UserPage> {
  const { verified, active, deleted = false, since, before, limit = 30 } = filter;
  const rows = await database.query<AccountRow>(
    `select ${accountColumns} from ${database.table('users')} u
     where ($1::bigint is null or u.id < $1) and ($2::boolean is null or u.is_verified = $2)
       and ($3::boolean is null or u.is_active = $3) and (u.deleted_at is not null) = $4
       and ($5::timestamptz is null or u.created_at >= $5)
     order by u.id desc limit $6`,
    [before ?? null, verified ?? null, active ?? null, deleted, since?.toISOString() ?? null, limit + 1],
  );
  const users = rows.slice(0, limit).map(toAccount);
  return { users, next: rows.length > limit ? (users.at(-1)?.id ?? null) : null };
}
