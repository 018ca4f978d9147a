import type { TestInstance } from '../fluentmeet/test-instance.js';

/** Of the only mailbox that had signups within a day: how many of their emails were due, and how many are to come. */
export async function countedSignUps({ context, query }: TestInstance) {
  const now = context.database.now();
  const [counted] = await query<{ sent: number; held: number }>(
    `select count(*) filter (where t <= ${now})::integer as sent, count(*) filter (where t > ${now})::integer as held
     from mailbox_counts, unnest(times) t where budget = 'signup' and t > ${now} - interval '1 day'`,
  );
  return counted;
}
