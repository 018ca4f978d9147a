import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { ServiceUnavailableError } from '../errors.js';
import { type Batch, claimEmails, type ClaimRequest, leaseDuration } from '../outbox/claim-emails.js';
import { writeRequestedEmails } from '../outbox/email-request.js';
import { withinDomainLimit } from '../limits/domain-limit.js';
import { giveBackLeases } from '../outbox/leases.js';
import { withinMailboxLimits } from '../limits/mailbox-limit.js';
import { settleEmails } from '../outbox/settle-emails.js';

const suspectsEvery = 2_000;
/** Milliseconds: less than between two looks of a relay that rests. */
const requestsEvery = 1_000;
/** Milliseconds that a batch may lie before it is published: it knows nothing of a pause, or a verification, since. */
const freshFor = 2_000;

/** Decides what one relay claims next. */
export function createClaimer(context: Context) {
  let suspectsDue = 0;
  let requestsDue = 0;
  let healthyFirst = false;
  let givingBackFailed = 0;
  /** Leases of claims whose answer never came, and of what could not be given back. */
  const notGivenBack = new Set<string>();
  let ahead: Promise<Batch> | undefined;

  /**
   * The next batch: the one that was claimed ahead, unless it has grown old. Empty where nothing is due, or where all of
   * it is held.
   */
  async function claim(limit: number): Promise<Batch> {
    const batch = await takeAhead();
    if (!batch) return claimNow(limit);
    if (batch.age() <= freshFor) return batch;
    await giveBack(batch);
    return claimNow(limit);
  }

  function takeAhead(): Promise<Batch> | undefined {
    const taken = ahead;
    ahead = undefined;
    return taken;
  }

  /** Claims what `claim` will ask for next, while the batch before is being published. */
  function claimAhead(limit: number): void {
    ahead = claimNow(limit);
    // Told to whoever asks for it.
    ahead.catch(() => undefined);
  }

  /** Now and then a suspect first: a steady stream of healthy emails must not starve them, nor they it. */
  async function claimNow(limit: number): Promise<Batch> {
    if (notGivenBack.size > 0) await giveBackRemembered();
    if (performance.now() >= requestsDue) {
      await writeRequestedEmails(context);
      requestsDue = performance.now() + requestsEvery;
    }
    if (!healthyFirst && performance.now() >= suspectsDue) {
      const suspects = await claimBatch({ limit: 1, kind: 'suspect' });
      healthyFirst = suspects.emails.length > 0;
      if (healthyFirst) return suspects;
      suspectsDue = performance.now() + suspectsEvery;
    }
    const healthy = await claimBatch({ limit, kind: 'healthy' });
    const afterSuspect = healthyFirst;
    healthyFirst = false;
    return afterSuspect && healthy.emails.length === 0 ? claimNow(limit) : healthy;
  }

  async function claimBatch(request: ClaimRequest): Promise<Batch> {
    const leaseToken = randomUUID();
    let isClaimed = false;
    try {
      const batch = await claimEmails(context, { ...request, leaseToken });
      // Should it fail from here on, they are leased to nobody.
      isClaimed = batch.emails.length > 0;
      // One that failed before was counted then; held, it would come back among the healthy.
      return request.kind === 'suspect' ? batch : await withinLimits(batch);
    } catch (error) {
      if (isClaimed || (error instanceof ServiceUnavailableError && error.outcomeUnknown)) {
        giveBackLater(leaseToken);
      }
      throw error;
    }
  }

  async function withinLimits(batch: Batch): Promise<Batch> {
    const byMailbox = await withinMailboxLimits(context, batch);
    const byBoth = await withinDomainLimit(context, byMailbox);
    return { ...byBoth, held: batch.emails.length - byBoth.emails.length };
  }

  /**
   * A database that was frozen, or a statement that waited for a lock, carries out late what we gave up long ago, and a
   * batch is leased to nobody. For the time of a lease after the last failure we look for it.
   */
  async function giveBackRemembered(): Promise<void> {
    try {
      await giveBackLeases(context, [...notGivenBack]);
    } catch (error) {
      givingBackFailed = performance.now();
      throw error;
    }
    if (performance.now() - givingBackFailed > leaseDuration) notGivenBack.clear();
  }

  function giveBackLater(leaseToken: string): void {
    givingBackFailed = performance.now();
    notGivenBack.add(leaseToken);
  }

  /** As if it had never been claimed. Where the database is away, that is done when it is back. */
  async function giveBack({ leaseToken, emails }: Batch): Promise<void> {
    if (emails.length === 0) return;
    try {
      const settlements = emails.map(({ id }) => ({ id, status: 'given-back' as const }));
      await settleEmails(context, leaseToken, settlements);
    } catch {
      giveBackLater(leaseToken);
    }
  }

  return {
    claim,
    claimAhead,
    giveBack,
    async giveBackAhead(): Promise<void> {
      // What failed to be claimed is remembered already.
      const batch = await takeAhead()?.catch(() => undefined);
      if (batch) await giveBack(batch);
    },
  };
}
