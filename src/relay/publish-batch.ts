import type { Context } from '../context.js';
import { askPublisher } from '../outbox/ask-publisher.js';
import { type Batch, type ClaimedEmail, leaseDuration } from '../outbox/claim-emails.js';
import { renewLeases } from '../outbox/leases.js';
import type { Publisher, PublishResult } from '../outbox/publisher.js';
import type { Settlement } from '../outbox/settle-emails.js';
import { composeBatch, type ComposedBatch } from './compose-batch.js';
import { rejection } from './rejection.js';
import { settleBatch } from './settle-batch.js';

/** Not to publish in the last moment of a lease: the answer should come while it is still ours. */
const leaseMargin = 10_000;

export interface BatchResult {
  settlements: readonly Settlement[];
  /** What made emails be given back: the publisher is away. */
  outage: Error | undefined;
}

/**
 * Takes a claimed batch to its end: composes, publishes outside any transaction, settles each email by its own result.
 * Never throws for what a publisher does; rejects where the database is away.
 *
 * @param giveUp ends the waiting for a database that is away after the publishing
 */
export async function publishBatch(
  context: Context,
  publisher: Publisher,
  batch: Batch,
  giveUp: AbortSignal,
): Promise<BatchResult> {
  const renewal = keepLease(context, batch);
  try {
    const { toPublish, settlements: settledAlready } = await composeBatch(context, batch);
    const results = await publish(publisher, batch, toPublish);
    const settlements = [
      ...settledAlready,
      ...toPublish.map(({ email }, index) => settlementOf(email, results[index] as PublishResult)),
    ];
    await settleBatch(context, withFreshLinks(batch, toPublish), settlements, giveUp);
    return { settlements, outage: results.find((result) => result.status === 'unavailable')?.error };
  } finally {
    clearInterval(renewal);
  }
}

function keepLease(context: Context, { leaseToken, emails }: Batch): NodeJS.Timeout {
  const ids = emails.map(({ id }) => id);
  return setInterval(() => {
    // A lease that cannot be renewed runs out; settling then changes nothing that is no longer ours.
    renewLeases(context, leaseToken, ids).catch(() => undefined);
  }, leaseDuration / 3).unref();
}

async function publish(
  publisher: Publisher,
  { claimedAt }: Batch,
  toPublish: ComposedBatch['toPublish'],
): Promise<readonly PublishResult[]> {
  if (toPublish.length === 0) return [];
  // A process that was frozen since the claim may no longer hold the lease: another relay publishes these.
  if (performance.now() - claimedAt > leaseDuration - leaseMargin) {
    const error = new Error('the lease ran out before publishing');
    return toPublish.map(() => ({ status: 'unavailable', error }));
  }
  const emails = toPublish.map(({ outgoing }) => outgoing);
  const most = publisher.batchSize ?? emails.length;
  const results: PublishResult[] = [];
  for (let from = 0; from < emails.length; from += most) {
    const part = emails.slice(from, from + most);
    // After an outage the others are not tried.
    const outage = results.find(({ status }) => status === 'unavailable');
    results.push(...(outage ? part.map(() => outage) : await askPublisher(publisher, part)));
  }
  return results;
}

function settlementOf(email: ClaimedEmail, result: PublishResult): Settlement {
  switch (result.status) {
    case 'published':
      return { id: email.id, status: 'published' };
    case 'unavailable':
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
