import { setTimeout as delay } from 'node:timers/promises';

import { connectHarness } from './connect.js';

export interface LeaseWatch {
  /** The furthest that the end of any lease ever lay ahead, in seconds. */
  readonly longest: number;
  stop(): Promise<void>;
}

/** Looks four times a second how far ahead the leases end, whenever the database answers. */
export function watchLeases(url: string): LeaseWatch {
  let longest = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const client = await connectHarness(url).catch(() => undefined);
      while (client && !stopped) {
        const { rows } = await client
          .query(
            `select max(extract(epoch from next_attempt_at - now()))::double precision as ahead
             from email_outbox where status = 'pending' and lease_token is not null`,
          )
          .catch(() => ({ rows: undefined }));
        if (!rows) break;
        longest = Math.max(longest, (rows[0]?.ahead as number | null) ?? 0);
        await delay(250);
      }
      await client?.end().catch(() => undefined);
      if (!stopped) await delay(250);
    }
  })();
  return {
    get longest() {
      return longest;
    },
    async stop() {
      stopped = true;
      await watching;
    },
  };
}
