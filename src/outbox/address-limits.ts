import type { Transaction } from 'sequelize';
import type { Context } from '../context.js';

/**
 * Whether this address may be written to again at somebody's request: by default one a minute and five a day. The signup's own
 * email (as old as its user) does not count. The caller holds the user's row lock.
 */
export async function withinAddressLimits(
  { database, config }: Context,
  userId: string,
  transaction: Transaction,
): Promise<boolean> {
  const now = database.now();
  const [counts] = await database.query<{ minute: string; day: string }>(
    `select count(*) filter (where o.created_at > ${now} - interval '1 minute') as minute,
       count(*) filter (where o.created_at > ${now} - interval '1 day') as day
     from ${database.table('email_outbox')} o join ${database.table('users')} u on u.id = o.user_id
     where o.user_id = $1 and o.created_at > u.created_at`,
    [userId],
    transaction,
  );
  const { minute, day } = config.addressLimits;
  return Number(counts?.minute) < minute && Number(counts?.day) < day;
}
