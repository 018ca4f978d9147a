import pg from 'pg';
import { until } from '../fluentmeet/test-instance.js';
import { query } from './query.js';

/** Runs it while somebody holds the whole table `users`, and ends the statement of ours that waits for it. */
export async function cutStatement<Result>(
  url: string,
  end: 'pg_cancel_backend' | 'pg_terminate_backend',
  run: () => Promise<Result>,
): Promise<Result> {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  try {
    await holder.query('begin; lock table users in access exclusive mode');
    const running = run();
    await until(async () => {
      const [row] = await query<{ cut: string }>(
        url,
        `select count(${end}(pid)) as cut from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and application_name = 'fluentmeet'`,
      );
      return Number(row?.cut) > 0;
    }, 'a statement waits for the lock');
    return await running;
  } finally {
    await holder.end();
  }
}
