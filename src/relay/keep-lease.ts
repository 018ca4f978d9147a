import type { Context } from '../context.js';
import { type Batch, leaseDuration } from '../outbox/claim-emails.js';
import { renewLeases } from '../outbox/leases.js';
import { startStopwatch } from '../stopwatch.js';

/** Not to publish in the last moment of a lease: the answer should come while it is still ours. */
const leaseMargin = 10_000;

export interface KeptLease {
  /** Whether every email of the batch is surely ours for a while: else another relay may publish it as well. */
  readonly isSafe: boolean;
  end(): void;
}

/** Renews the lease of a batch every ten seconds. */
export function keepLease(context: Context, { leaseToken, emails, age }: Batch): KeptLease {
  const ids = emails.map(({ id }) => id);
  let sinceRenewed = age;
  let isLost = false;

  async function renew(): Promise<void> {
    const sinceAsked = startStopwatch();
    const renewed = await renewLeases(context, leaseToken, ids);
    if (renewed < ids.length) isLost = true;
    else sinceRenewed = sinceAsked;
  }

  const timer = setInterval(() => {
    // A lease that cannot be renewed runs out; settling then changes nothing that is no longer ours.
    renew().catch(() => undefined);
  }, leaseDuration / 3).unref();
  return {
    get isSafe() {
      return !isLost && sinceRenewed() <= leaseDuration - leaseMargin;
    },
    end: () => clearInterval(timer),
  };
}
