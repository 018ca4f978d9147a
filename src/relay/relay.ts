import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Context } from '../context.js';
import { ServiceUnavailableError } from '../errors.js';
import { describeError } from '../logger.js';
import { backoff } from '../backoff.js';
import { type Batch, claimEmails, type ClaimRequest, leaseDuration } from '../outbox/claim-emails.js';
import { createAlarm } from './alarm.js';
import { pruneEmails } from '../outbox/prune-emails.js';
import { publishAhead } from './publish-batch.js';
import type { Publisher } from '../outbox/publisher.js';
import { giveBackLeases, settleEmails } from '../outbox/settle-emails.js';

const batchSize = 1_000;
const pollInterval = 2_000;
const gatherPerEmail = 2;
const gatherMost = 100;
const pruneInterval = 3_600_000;
const stopPatience = 10_000;
const outageBackoff = { first: 250, most: 5_000 };

/** `paused`: the publisher or the database is away, and the relay tries again by itself. */
export type RelayState = 'stopped' | 'running' | 'paused';

export interface Relay {
  /** Starts publishing what is due. Idempotent. */
  start(): void;
  /** Something was committed to the outbox: look at once instead of at the next poll. Of no effect during an outage. */
  wake(): void;
  /** Stops claiming, lets what is in flight finish within 10 s, gives back the other leases. Idempotent. */
  stop(): Promise<void>;
  readonly state: RelayState;
  /** Why the relay is paused; holds no secret. */
  readonly lastError: string | undefined;
}

/** Publishes the outbox's emails until it is stopped. Any number of relays in any number of processes share the work. */
export function createRelay(context: Context, publisher: Publisher): Relay {
  const { logger } = context;
  let alarm = createAlarm();
  let giveUp = new AbortController();
  let state: RelayState = 'stopped';
  let lastError: string | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let suspectsDue = 0;
  let pruneDue = 0;
  let claimFailed = 0;
  /** Leases of claims whose answer never came. */
  const unanswered = new Set<string>();

  async function run(): Promise<void> {
    let claimed: Promise<Batch> | undefined;
    let settling: Promise<unknown> | undefined;
    while (!alarm.stopped) {
      try {
        const batch = await (claimed ?? claim());
        // A full batch tells of a backlog: the next one is claimed while this one is being published.
        claimed = batch.emails.length >= batchSize ? claim() : undefined;
        claimed?.catch(() => undefined);
        if (batch.emails.length === 0) {
          await settling;
          recover();
          await rest();
          continue;
        }
        const { settled, outage } = await publishAhead(context, publisher, batch, giveUp.signal);
        // In a backlog one batch is settled while the next is published; never more, for a crash publishes them again.
        const previous = settling;
        settling = settled;
        await (claimed ? previous : Promise.all([previous, settled]));
        if (outage) throw outage;
        recover();
        if (!claimed) await gather(batch);
      } catch (error) {
        await settling?.catch(() => undefined);
        settling = undefined;
        await giveBack(claimed);
        claimed = undefined;
        await pause(error);
      }
    }
    await settling?.catch(() => undefined);
    await giveBack(claimed);
  }

  async function claim(): Promise<Batch> {
    if (unanswered.size > 0) await giveBackUnanswered();
    // Now and then the suspects first: a steady stream of healthy emails must not starve them.
    if (performance.now() >= suspectsDue) {
      suspectsDue = performance.now() + pollInterval;
      const suspects = await claimBatch({ limit: 1, kind: 'suspect' });
      if (suspects.emails.length > 0) {
        suspectsDue = 0;
        return suspects;
      }
    }
    // During an outage one email finds out whether it is over; the others are left in peace.
    return claimBatch({ limit: failures > 0 ? 1 : batchSize, kind: 'healthy' });
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

  /**
   * A batch costs three round trips, whatever is in it. Several emails at once tell of a busy host, and a pause that
   * grows with their number lets the next batch fill: its processor is for the signups.
   */
  async function gather({ emails }: Batch): Promise<void> {
    const pause = Math.min(gatherMost, gatherPerEmail * (emails.length - 1));
    if (pause > 0) await alarm.sleepThroughWakes(pause);
  }

  async function rest(): Promise<void> {
    if (performance.now() >= pruneDue) {
      pruneDue = performance.now() + pruneInterval * (0.5 + Math.random());
      await prune();
    }
    await alarm.sleep(pollInterval * (0.75 + Math.random() / 2));
  }

  async function prune(): Promise<void> {
    try {
      await pruneEmails(context, () => alarm.stopped || alarm.rung);
    } catch (error) {
      logger.warn(
        { event: 'emails.prune-failed', error: describeError(error) },
        'Old emails were not pruned',
      );
    }
  }

  async function pause(error: unknown): Promise<void> {
    failures += 1;
    const reason = describeError(error);
    lastError = reason.cause ?? reason.message;
    if (state === 'running') {
      state = 'paused';
      logger.error(
        { event: 'relay.paused', error: reason },
        'Publishing is paused; emails wait in the outbox',
      );
    }
    await alarm.sleepThroughWakes(backoff(failures, outageBackoff));
  }

  function recover(): void {
    failures = 0;
    lastError = undefined;
    if (state !== 'paused') return;
    state = 'running';
    logger.info({ event: 'relay.resumed' }, 'Publishing goes on');
  }

  async function giveBack(claimed: Promise<Batch> | undefined): Promise<void> {
    try {
      const batch = await claimed;
      if (!batch || batch.emails.length === 0) return;
      const settlements = batch.emails.map(({ id }) => ({ id, status: 'given-back' as const }));
      await settleEmails(context, batch.leaseToken, settlements);
    } catch {
      // The lease runs out by itself.
    }
  }

  return {
    start() {
      if (running) return;
      alarm = createAlarm();
      giveUp = new AbortController();
      state = 'running';
      running = run().finally(() => {
        state = 'stopped';
        running = undefined;
      });
    },
    wake: () => alarm.ring(),
    async stop() {
      alarm.stop();
      const timer = setTimeout(() => giveUp.abort(), stopPatience);
      await Promise.race([running, once(giveUp.signal, 'abort')]);
      clearTimeout(timer);
    },
    get state() {
      return state;
    },
    get lastError() {
      return lastError;
    },
  };
}
