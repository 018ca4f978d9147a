import type { Context } from '../context.js';
import { untilAborted, withDeadline } from '../deadline.js';
import { ServiceUnavailableError } from '../errors.js';
import { failureKind } from '../failure-kind.js';
import { describeError } from '../logger.js';
import type { Batch } from '../outbox/claim-emails.js';
import { forgiveClaim } from '../outbox/leases.js';
import type { Publisher } from '../outbox/publisher.js';
import { currentPause } from '../outbox/relay-pause.js';
import { type Alarm, createAlarm } from './alarm.js';
import { backoff } from '../backoff.js';
import { createClaimer } from './claimer.js';
import { publishBatch } from './publish-batch.js';

const batchSize = 1_000;
const probeSize = 20;
const pollInterval = 2_000;
const gatherPerEmail = 2;
const gatherMost = 100;
const pruneInterval = 3_600_000;
/** Below the ten seconds that `stop()` has: leases are given back and connections closed after it. */
const stopPatience = 8_000;
const forgivePatience = 1_000;
const outageBackoff = { first: 250, most: 5_000 };

/** `away`: the publisher or the database is, and the relay tries again by itself. */
export type RelayState = 'stopped' | 'running' | 'away';

export type Relay = ReturnType<typeof createRelay>;

/** Deletes what is too old to keep, about once an hour; asks between its statements whether to go on. */
export type Prune = (isOver: () => boolean) => Promise<unknown>;

/** Publishes the outbox's emails until it is stopped. Any number of relays in any number of processes share the work. */
export function createRelay(context: Context, publisher: Publisher, prune: Prune) {
  const { logger } = context;
  const limit = Math.min(publisher.batchSize ?? batchSize, batchSize);
  const claimer = createClaimer(context);
  let alarm = createAlarm();
  let giveUp = new AbortController();
  let state: RelayState = 'stopped';
  let lastError: string | undefined;
  let told: string | undefined;
  let running: Promise<void> | undefined;
  let atHand: Batch | undefined;
  let failures = 0;
  let publisherAway = false;
  let heldUp = false;
  let askDue = 0;
  let pruneDue = 0;
  let pruning: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!alarm.stopped) {
      try {
        const batch = await claimer.claim(claimSize());
        if (alarm.stopped) return await claimer.giveBack(batch);
        pruneWhenDue();
        // A full batch tells of a backlog.
        const { emails, held = 0 } = batch;
        const isFull = emails.length + held >= limit;
        if (isFull) claimer.claimAhead(claimSize());
        if (emails.length > 0) await publish(batch, !isFull);
        else if (held === 0) await rest();
      } catch (error) {
        await claimer.giveBackAhead();
        await sitOut(error);
      }
    }
  }

  /**
   * During an outage a few emails find out whether it is over, and the others are left in peace. One alone would not tell a
   * publisher that is away from one that breaks off at this email; in a long outage it is more and more.
   */
  function claimSize(): number {
    return failures > 0 ? Math.min(probeSize + failures, limit) : limit;
  }

  async function publish(batch: Batch, gathers: boolean): Promise<void> {
    atHand = batch;
    const { asked, outage, wasLate } = await publishBatch(context, publisher, batch, giveUp.signal);
    atHand = undefined;
    if (asked) publisherAway = outage !== undefined;
    if (outage) throw outage;
    if (!wasLate && !publisherAway) recover();
    if (gathers) await gather(batch);
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
    const held = await isHeldUp();
    // Where all is held, a claim that finds nothing tells that the database is back, and nothing of the publisher.
    if (!held || !publisherAway) recover(held);
    // Jittered, so that many relays do not ask in step.
    await alarm.sleep(pollInterval * (0.75 + Math.random() / 2));
  }

  /**
   * Whether an operator holds up every relay. The claim itself obeys, and says nothing of it: from an empty outbox only a
   * question tells it, asked now and then.
   */
  async function isHeldUp(): Promise<boolean> {
    if (state === 'running' && performance.now() < askDue) return heldUp;
    askDue = performance.now() + pollInterval;
    const held = await currentPause(context);
    if (held && !heldUp) {
      logger.warn(
        { event: 'relay.held', ...held },
        'An operator holds up every relay; emails wait in the outbox',
      );
    }
    heldUp ||= held !== null;
    return held !== null;
  }

  /** Beside the publishing: a relay that always has something to publish, or cannot for days, prunes all the same. */
  function pruneWhenDue(): void {
    if (pruning || performance.now() < pruneDue) return;
    pruneDue = performance.now() + pruneInterval * (0.5 + Math.random());
    pruning = pruneQuietly(alarm).finally(() => (pruning = undefined));
  }

  async function pruneQuietly(until: Alarm): Promise<void> {
    try {
      await prune(() => until.stopped);
    } catch (error) {
      logger.warn({ event: 'prune.failed', error: describeError(error) }, 'Old rows were not pruned');
    }
  }

  async function sitOut(error: unknown): Promise<void> {
    failures += 1;
    const reason = describeError(error);
    // What the database said is in the cause; the message is for people who sign up.
    lastError = (error instanceof ServiceUnavailableError ? reason.cause : undefined) ?? reason.message;
    state = 'away';
    const kind = failureKind(error);
    if (told !== kind) {
      told = kind;
      logger.error(
        { event: 'relay.away', error: reason },
        'Nothing can be published for now; emails wait in the outbox',
      );
    }
    await alarm.sleepThroughWakes(backoff(failures, outageBackoff));
  }

  function recover(held = false): void {
    failures = 0;
    lastError = undefined;
    told = undefined;
    const goesOn = !held && (state === 'away' || heldUp);
    state = 'running';
    if (!goesOn) return;
    heldUp = false;
    logger.info({ event: 'relay.resumed' }, 'Publishing goes on');
  }

  return {
    /** Starts publishing what is due. Idempotent. */
    start(): void {
      if (running) return;
      alarm = createAlarm();
      giveUp = new AbortController();
      state = 'running';
      told = undefined;
      running = run().finally(() => {
        state = 'stopped';
        running = undefined;
      });
    },
    /** Something was committed to the outbox: look at once instead of at the next poll. Of no effect during an outage. */
    wake: () => alarm.ring(),
    /** Stops claiming, lets what is in flight finish within 8 s, gives back the other leases. Idempotent. */
    async stop(): Promise<void> {
      alarm.stop();
      const timer = setTimeout(() => giveUp.abort(), stopPatience);
      await untilAborted(giveUp.signal, Promise.all([running, pruning, claimer.giveBackAhead()]));
      clearTimeout(timer);
      if (giveUp.signal.aborted && atHand) {
        const forgiving = forgiveClaim(context, atHand.leaseToken);
        await withDeadline(forgiving, forgivePatience, 'leaving the batch').catch(() => undefined);
      }
    },
    get state(): RelayState {
      return state;
    },
    /** Why it is away; holds no secret. */
    get lastError(): string | undefined {
      return lastError;
    },
  };
}
