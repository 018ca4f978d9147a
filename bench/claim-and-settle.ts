import type { Internals } from '../src/fluentmeet.js';
import { claimEmails } from '../src/outbox/claim-emails.js';
import { settleEmails } from '../src/outbox/settle-emails.js';
import { secondsOf } from './rounds.js';

/** The relay's statements without a publisher in between, by 500, until nothing is due. Resolves with milliseconds a batch. */
export async function claimAndSettle(context: Internals): Promise<number> {
  let batches = 0;
  const seconds = await secondsOf(async () => {
    for (;;) {
      const { leaseToken, emails } = await claimEmails(context, { limit: 500, kind: 'healthy' });
      if (emails.length === 0) break;
      batches += 1;
      await settleEmails(
        context,
        leaseToken,
        emails.map(({ id }) => ({ id, status: 'published' })),
      );
    }
  });
  return (seconds * 1000) / batches;
}
