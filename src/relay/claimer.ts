import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { ServiceUnavailableError } from '../errors.js';
import { type Batch, claimEmails, type ClaimRequest, leaseDuration } from '../outbox/claim-emails.js';
import { giveBackLeases } from '../outbox/leases.js';
import { settleEmails } from '../outbox/settle-emails.js';

const suspectsEvery = 2_000;

export interface Claimer {
  /** The next batch; empty where nothing is due. */
  claim(limit: number): Promise<Batch>;
  /** As if it had never been claimed. Where the database is away, its lease runs out by itself. */
  giveBack(batch: Promise<Batch>): Promise<void>;
}

/** Decides what one relay claims next. */
export function createClaimer(context: Context): Claimer {
  let suspectsDue = 0;
  let healthyFirst = false;
  let claimFailed = 0;
  /** Leases of claims whose answer never came. */
  const unanswered = new Set<string>();

  /** Now and then a suspect first: a steady stream of healthy emails must not starve them, nor they it. */
  async function claim(limit: number): Promise<Batch> {
    if (unanswered.size > 0) await giveBackUnanswered();
    if (!healthyFirst && performance.now() >= suspectsDue) {
      const suspects = await claimBatch({ limit: 1, kind: 'suspect' });
      healthyFirst = suspects.emails.length > 0;
      if (healthyFirst) return suspects;
      suspectsDue = performance.now() + suspectsEvery;
    }
    const healthy = await claimBatch({ limit, kind: 'healthy' });
    const afterSuspect = healthyFirst;
    healthyFirst = false;
    return afterSuspect && healthy.emails.length === 0 ? claim(limit) : healthy;
  }

  async function claimBatch(request: ClaimRequest): Promise<Batch> {
    const leaseToken = randomUUID();
    try {
      return await claimEmails(context, { ...request, leaseToken });
    } catch (error) {
      claimFailed = performance.now();
      if (error instanceof ServiceUnavailableError && error.outcomeUnknown) unanswered.add(leaseToken);
      throw error;
    }
  }

  /**
   * A database that was frozen, or a statement that waited for a lock, carries out late what we gave up long ago, and a
   * batch is leased to nobody. For the time of a lease after the last failure we look for it.
   */
  async function giveBackUnanswered(): Promise<void> {
    await giveBackLeases(context, [...unanswered]);
    if (performance.now() - claimFailed > leaseDuration) unanswered.clear();
  }

  return {
    claim,
    async giveBack(claiming) {
      try {
        const { leaseToken, emails } = await claiming;
        if (emails.length === 0) return;
        const settlements = emails.map(({ id }) => ({ id, status: 'given-back' as const }));
        await settleEmails(context, leaseToken, settlements);
      } catch {
        // Its lease runs out.
      }
    },
  };
}
