import type { Context } from '../context.js';
import type { Publisher } from '../outbox/publisher.js';
import { publishNow } from '../relay/publish-now.js';
import { type ReplayFilter, replayEmails } from './replay-emails.js';

const chunk = 500;
/** Longer than a lease: what a killed relay still holds is free again by then. */
const patience = 60_000;

export interface ReplayRun {
  /** Undefined: the emails are put back to pending, and a relay elsewhere publishes them. */
  publisher: Publisher | undefined;
  /** Ends it after the batch at hand: what was not reached stays as it was, and nothing stays claimed. */
  signal?: AbortSignal | undefined;
  /** How many emails are done with, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What became of every email that was chosen. */
export interface ReplaySummary {
  published: number[];
  /** Tried and refused: why. Those that are `pending` a relay tries again. */
  failing: { id: number; status: 'pending' | 'dead'; error: string }[];
  /** Put back to pending and not tried: a relay publishes them. */
  waiting: number[];
  skipped: { id: number; reason: string }[];
  /** Why the publisher could not be reached. */
  outage: string | null;
  /** Chosen and not reached before the interruption: as they were. */
  untouched: number[];
}

/**
 * Replays emails and publishes them at once, by the same claim and the same publishing as a relay. Some hundred at a
 * time, so that an interruption leaves the rest as it was. Run twice at once, each email is published once.
 *
 * @throws ValidationError, ServiceUnavailableError
 */
export async function replayAndPublish(
  context: Context,
  filter: ReplayFilter,
  { publisher, signal, onProgress }: ReplayRun,
): Promise<ReplaySummary> {
  const { replayed: chosen, skipped } = await replayEmails(context, filter, { dryRun: true });
  const summary: ReplaySummary = {
    published: [],
    failing: [],
    waiting: [],
    skipped,
    outage: null,
    untouched: [],
  };
  const ids = chosen.map(({ id }) => id);
  // Also for what is no longer wanted: with nothing to replay it still becomes obsolete.
  for (let done = 0; done === 0 || done < ids.length; done += chunk) {
    const part = ids.slice(done, done + chunk);
    if (signal?.aborted) {
      summary.untouched.push(...part);
      continue;
    }
    const { ids: _, limit: __, ...conditions } = filter;
    const result = await replayEmails(context, {
      ...conditions,
      status: filter.status ?? (filter.ids ? undefined : 'dead'),
      ids: done === 0 ? [...part, ...skipped.map(({ id }) => id)] : part,
    });
    const mine = result.replayed.map(({ id }) => id);
    const chosenPart = new Set(part);
    summary.skipped.push(...result.skipped.filter(({ id }) => chosenPart.has(id)));
    if (!publisher || summary.outage !== null) {
      summary.waiting.push(...mine);
    } else {
      await publishPart(context, publisher, mine, summary, {
        signal,
        onProgress: (count) => onProgress?.(done + count, ids.length),
      });
    }
    onProgress?.(Math.min(done + chunk, ids.length), ids.length);
  }
  return summary;
}

async function publishPart(
  context: Context,
  publisher: Publisher,
  ids: readonly number[],
  summary: ReplaySummary,
  run: Pick<ReplayRun, 'signal' | 'onProgress'>,
): Promise<void> {
  const results = await publishNow(context, publisher, ids.map(String), { patience, ...run });
  for (const { id, status, error, outage } of results) {
    if (status === 'published') summary.published.push(id);
    else if (status === 'obsolete') summary.skipped.push({ id, reason: 'the user is verified or gone' });
    else if (outage || error === null) summary.waiting.push(id);
    else summary.failing.push({ id, status, error });
    if (outage) summary.outage = error;
  }
}
