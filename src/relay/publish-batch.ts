import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.js';
import type { LogData } from '../logger.js';
import { backoff } from '../backoff.js';
import { type Batch, type ClaimedEmail, leaseDuration } from '../outbox/claim-emails.js';
import { type Composed, composeEmail } from './compose-email.js';
import type { PublishResult, Publisher } from '../outbox/publisher.js';
import { reissueLinks } from './reissue-links.js';
import { renewLeases, type Settlement, settleEmails } from '../outbox/settle-emails.js';

/** Not to publish in the last moment of a lease: the answer should come while it is still ours. */
const leaseMargin = 10_000;
/** However few attempts an email has: a relay that is killed is no fault of the emails it held. */
const leastClaims = 5;
const rejectedBackoff = { first: 5_000, most: 3_600_000 };

export interface BatchResult {
  settlements: readonly Settlement[];
  /** What made emails be given back: the publisher is away. */
  outage: Error | undefined;
}

/** A batch of which the publishing is over. Its settling goes on, and may reject where the database is away. */
export interface PublishedBatch {
  settled: Promise<readonly Settlement[]>;
  outage: Error | undefined;
}

/**
 * Takes a claimed batch to its end: composes, publishes outside any transaction, settles each email by its own result.
 * Never throws for what a publisher does; rejects where the database is away before anything was published.
 *
 * @param giveUp ends the waiting for a database that is away after the publishing.
 */
export async function publishBatch(
  context: Context,
  publisher: Publisher,
  batch: Batch,
  giveUp: AbortSignal,
): Promise<BatchResult> {
  const { settled, outage } = await publishAhead(context, publisher, batch, giveUp);
  return { settlements: await settled, outage };
}

/** The same, and resolves as soon as the publishing is over: the next batch can be published while this one is settled. */
export async function publishAhead(
  context: Context,
  publisher: Publisher,
  batch: Batch,
  giveUp: AbortSignal,
): Promise<PublishedBatch> {
  const renewal = keepLease(context, batch);
  let settled: Promise<readonly Settlement[]> | undefined;
  try {
    const { settlements, toPublish } = await composeBatch(context, batch);
    const results = await publish(publisher, batch, toPublish);
    settlements.push(
      ...toPublish.map(({ email }, index) => settlementOf(email, results[index] as PublishResult)),
    );
    settled = settle(context, batch, settlements, giveUp).finally(() => clearInterval(renewal));
    // Its rejection is the caller's to handle, once it comes to await it.
    settled.catch(() => undefined);
    return { settled, outage: results.find((result) => result.status === 'unavailable')?.error };
  } finally {
    if (!settled) clearInterval(renewal);
  }
}

function keepLease(context: Context, { leaseToken, emails }: Batch): NodeJS.Timeout {
  const ids = emails.map(({ id }) => id);
  return setInterval(() => {
    // A lease that cannot be renewed runs out; settling then changes nothing that is no longer ours.
    renewLeases(context, leaseToken, ids).catch(() => undefined);
  }, leaseDuration / 3).unref();
}

type ToPublish = Extract<Composed, { action: 'publish' }>;

async function composeBatch(
  context: Context,
  { leaseToken, emails }: Batch,
): Promise<{ settlements: Settlement[]; toPublish: ToPublish[] }> {
  const { config } = context;
  const settlements: Settlement[] = [];
  const composed: Composed[] = [];
  for (const email of emails) {
    // The claim at hand has no result yet either: it counts only from the next one on.
    const unsettled = email.claims - email.attempts - 1;
    if (unsettled < Math.max(config.emailMaxAttempts, leastClaims))
      composed.push(composeEmail(config, email));
    else
      settlements.push({
        id: email.id,
        status: 'dead',
        error: `claimed ${unsettled} times without a result`,
      });
  }
  const stale = composed.filter(({ action }) => action === 'reissue').map(({ email }) => email);
  if (stale.length > 0) {
    const reissued = await reissueLinks(context, leaseToken, stale);
    composed.push(...reissued.map((email) => composeEmail(config, email)));
  }
  const unknown = composed.filter(({ action }) => action === 'unknown-template');
  settlements.push(...unknown.map(({ email }) => rejection(email, unknownTemplate(email))));
  const obsolete = composed.filter(({ action }) => action === 'obsolete');
  settlements.push(...obsolete.map(({ email }) => ({ id: email.id, status: 'obsolete' as const })));
  return { settlements, toPublish: composed.filter((one) => one.action === 'publish') };
}

async function publish(
  publisher: Publisher,
  { claimedAt }: Batch,
  toPublish: readonly ToPublish[],
): Promise<readonly PublishResult[]> {
  if (toPublish.length === 0) return [];
  // A process that was frozen since the claim may no longer hold the lease: another relay publishes these.
  if (performance.now() - claimedAt > leaseDuration - leaseMargin) {
    return toPublish.map(() => ({
      status: 'unavailable',
      error: new Error('the lease ran out before publishing'),
    }));
  }
  try {
    const results = await publisher.publish(toPublish.map(({ outgoing }) => outgoing));
    const missing = new Error('the publisher did not answer for every email');
    return toPublish.map((_, index) => results[index] ?? { status: 'unavailable', error: missing });
  } catch (error) {
    const outage =
      error instanceof Error ? error : new Error('the publisher threw a value that is not an Error');
    return toPublish.map(() => ({ status: 'unavailable', error: outage }));
  }
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

function rejection({ id, attempts }: ClaimedEmail, error: string): Settlement {
  return { id, status: 'rejected', error, backoff: backoff(attempts + 1, rejectedBackoff) };
}

/** While processes are renewed one by one, a newer one may get to it before its attempts are spent. */
function unknownTemplate({ template }: ClaimedEmail): string {
  return `this version knows no template "${template}"`;
}

/**
 * Publishing cannot be taken back, so a database that is away is asked again until the answer is written: every email
 * left unsettled would be published twice. It gives up after two leases, when another relay surely has them.
 */
async function settle(
  context: Context,
  { leaseToken, emails }: Batch,
  settlements: readonly Settlement[],
  giveUp: AbortSignal,
): Promise<readonly Settlement[]> {
  const deadline = performance.now() + 2 * leaseDuration;
  for (;;) {
    try {
      const settled = await settleEmails(context, leaseToken, settlements);
      logSettled(context, emails, settlements, new Map(settled.map(({ id, status }) => [id, status])));
      return settlements;
    } catch (error) {
      if (giveUp.aborted || performance.now() > deadline) throw error;
      await delay(250);
    }
  }
}

function logSettled(
  { logger }: Context,
  emails: readonly ClaimedEmail[],
  settlements: readonly Settlement[],
  settled: ReadonlyMap<string, string>,
): void {
  const byId = new Map(emails.map((email) => [email.id, email]));
  for (const settlement of settlements) {
    const { id, status } = settlement;
    const { attempts } = byId.get(id) as ClaimedEmail;
    const data = (event: string): LogData => ({ event, id: Number(id), attempts });
    const error = 'error' in settlement ? settlement.error : undefined;
    if (!settled.has(id)) logger.warn(data('email.lease-lost'), 'Email settled by another relay meanwhile');
    else if (settled.get(id) === 'dead') logger.error({ ...data('email.dead'), error }, 'Email is dead');
    else if (status === 'rejected')
      logger.warn({ ...data('email.rejected'), error }, 'Email rejected, will be retried');
    else if (status === 'published') logger.info(data('email.published'), 'Email published');
    else if (status === 'obsolete') logger.info(data('email.obsolete'), 'Email no longer needed');
  }
}
