import type { Context } from '../context.js';
import { momentAgo } from '../database/database.js';
import type { Publisher } from '../outbox/publisher.js';
import { publishNow, type PublishNowOptions } from '../relay/publish-now.js';
import { countAndNames, logActInParts } from './log-act.js';
import { replayEmails } from './replay-emails.js';
import type { ReplayFilter } from './replay-filter.js';
import type { SkippedEmail } from './skipped-emails.js';

const chunk = 500;
/** Longer than a lease: what a killed relay still holds is free again by then. */
const patience = 60_000;
/** Milliseconds between two who start the same replay at once: what the one published, the other leaves alone. */
const atOnce = 2_000;

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
  skipped: SkippedEmail[];
  /** Why the publisher could not be reached. */
  outage: string | null;
  /** For what reason an operator holds up every relay, and this replay with them. */
  paused: string | null;
  /** Chosen and not reached before the interruption: as they were. */
  untouched: number[];
}

/**
 * Replays emails and publishes them at once, by the same claim and the same publishing as a relay. Some hundred at a
 * time, so that an interruption leaves the rest as it was. Run twice at once, each email is published once.
 *
 * @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`)
 */
export async function replayAndPublish(
  context: Context,
  filter: ReplayFilter,
  { publisher, signal, onProgress }: ReplayRun,
): Promise<ReplaySummary> {
  const guarded = {
    ...filter,
    publishedBefore: filter.publishedBefore ?? new Date(await momentAgo(context.database, atOnce)),
  };
  const { replayed: chosen, skipped } = await replayEmails(context, guarded, { dryRun: true });
  const ids = chosen.map(({ id }) => id);
  const summary = emptySummary(skipped);
  await dropUnwanted(context, guarded, skipped, signal);
  const putBack: number[] = [];
  const done = () => (putBack.length > 0 ? countAndNames('ids', putBack) : undefined);
  const act = { act: 'emails-replayed', message: 'Emails replayed', signal, done } as const;
  await logActInParts(context, act, async () => {
    for (let done = 0; done < ids.length; done += chunk) {
      const part = ids.slice(done, done + chunk);
      if (signal?.aborted) {
        summary.untouched.push(...part);
        continue;
      }
      const pending = await replayPart(context, guarded, part, summary);
      putBack.push(...pending);
      if (!publisher || summary.outage !== null || summary.paused !== null) summary.waiting.push(...pending);
      else {
        const report = (count: number): void => onProgress?.(done + count, ids.length);
        await publishPart(context, publisher, pending, summary, { signal, onProgress: report });
      }
      onProgress?.(Math.min(done + chunk, ids.length), ids.length);
    }
  });
  return summary;
}

function emptySummary(skipped: SkippedEmail[]): ReplaySummary {
  return { published: [], failing: [], waiting: [], skipped, outage: null, paused: null, untouched: [] };
}

/** What nobody wants any more leaves the dead ones, also where nothing else is to be replayed. */
async function dropUnwanted(
  context: Context,
  filter: ReplayFilter,
  skipped: readonly SkippedEmail[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const ids = skipped.filter(({ reason }) => reason === 'unwanted').map(({ id }) => id);
  if (ids.length > 0 && !signal?.aborted) await replayEmails(context, onlyThese(filter, ids));
}

/** Puts a part back to pending. Resolves with those that are: of some, somebody else took hold meanwhile. */
async function replayPart(
  context: Context,
  filter: ReplayFilter,
  part: readonly number[],
  summary: ReplaySummary,
): Promise<number[]> {
  const { replayed, skipped } = await replayEmails(context, onlyThese(filter, part));
  summary.skipped.push(...skipped);
  return replayed.map(({ id }) => id);
}

/** The same choice, narrowed to emails that it chose. */
function onlyThese(filter: ReplayFilter, ids: readonly number[]): ReplayFilter {
  const status = filter.status ?? (filter.ids ? undefined : 'dead');
  return { ...filter, status, ids, limit: undefined };
}

async function publishPart(
  context: Context,
  publisher: Publisher,
  ids: readonly number[],
  summary: ReplaySummary,
  run: Pick<PublishNowOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const results = await publishNow(context, publisher, ids.map(String), { patience, ...run });
  for (const { id, status, error, outage, paused } of results) {
    if (status === 'published') summary.published.push(id);
    else if (status === 'obsolete') summary.skipped.push({ id, reason: 'unwanted', status });
    else if (outage || error === null || status === 'held') summary.waiting.push(id);
    else summary.failing.push({ id, status, error });
    if (outage) summary.outage = error;
    if (paused !== undefined) summary.paused = paused;
  }
}
