import type { Context } from '../context.js';
import { askPublisher } from '../outbox/ask-publisher.js';
import { type Batch, type ClaimedEmail, leaseDuration } from '../outbox/claim-emails.js';
import { renewLeases } from '../outbox/leases.js';
import type { Publisher, PublishResult } from '../outbox/publisher.js';
import type { Settlement } from '../outbox/settle-emails.js';
import { startStopwatch } from '../stopwatch.js';
import { composeBatch, type ComposedBatch, rejection } from './compose-batch.js';
import { settleBatch } from './settle-batch.js';

export interface BatchResult {
  settlements: readonly Settlement[];
  /** Whether the publisher was asked at all: else nothing is known of it. */
  asked: boolean;
  /** What made emails be given back: the publisher is away. */
  outage: Error | undefined;
  /** What made emails be given back: their lease was about to end, or lost. */
  wasLate: boolean;
}

/**
 * Takes a claimed batch to its end: composes, publishes outside any transaction, settles each email by its own result.
 * Never throws for what a publisher does; rejects where the database is away; what was not published yet stays claimed until the lease ends.
 *
 * @param giveUp ends the waiting for a database that is away after the publishing
 */
export async function publishBatch(
  context: Context,
  publisher: Publisher,
  batch: Batch,
  giveUp: AbortSignal,
): Promise<BatchResult> {
  const lease = keepLease(context, batch);
  try {
    const { toPublish, settlements: settledAlready } = await composeBatch(context, batch);
    const results = await publish(publisher, lease, toPublish);
    const settlements = [
      ...settledAlready,
      ...toPublish.map(({ email }, index) => settlementOf(email, results[index])),
    ];
    await settleBatch(context, withFreshLinks(batch, toPublish), settlements, giveUp);
    const outage = results.find((result) => result.status === 'unavailable')?.error;
    const wasLate = !outage && results.length < toPublish.length;
    return { settlements, asked: results.length > 0, outage, wasLate };
  } finally {
    lease.end();
  }
}

/** Those that were not tried, because the lease is about to end or an outage began, have no result. */
async function publish(
  publisher: Publisher,
  lease: ReturnType<typeof keepLease>,
  toPublish: ComposedBatch['toPublish'],
): Promise<readonly PublishResult[]> {
  const emails = toPublish.map(({ outgoing }) => outgoing);
  const most = publisher.batchSize ?? emails.length;
  const results: PublishResult[] = [];
  // A process that was frozen may no longer hold the lease: another relay publishes these.
  for (let from = 0; from < emails.length && lease.isSafe; from += most) {
    results.push(...(await askPublisher(publisher, emails.slice(from, from + most))));
    if (results.some(({ status }) => status === 'unavailable')) break;
  }
  return results;
}

function settlementOf(email: ClaimedEmail, result: PublishResult | undefined): Settlement {
  switch (result?.status) {
    case 'published':
      return { id: email.id, status: 'published' };
    case 'unavailable':
    case undefined:
      return { id: email.id, status: 'given-back' };
    case 'rejected':
      return rejection(email, result.error.message);
  }
}

/** The batch with the event ids that were published. */
function withFreshLinks(batch: Batch, toPublish: ComposedBatch['toPublish']): Batch {
  const published = new Map(toPublish.map(({ email }) => [email.id, email]));
  return { ...batch, emails: batch.emails.map((email) => published.get(email.id) ?? email) };
}

/** Not to publish in the last moment of a lease: the answer should come while it is still ours. */
const leaseMargin = 10_000;

/** Renews the lease of a batch every ten seconds. */
function keepLease(context: Context, { leaseToken, emails, age }: Batch) {
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
    /** Whether every email of the batch is surely ours for a while: else another relay may publish it as well. */
    get isSafe(): boolean {
      return !isLost && sinceRenewed() <= leaseDuration - leaseMargin;
    },
    end: () => clearInterval(timer),
  };
}
