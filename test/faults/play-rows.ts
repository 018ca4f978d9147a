import { conclude, type Result } from './result.js';
import type { Row } from './row.js';
import type { Services } from './services.js';
import { createStage } from './stage.js';

export interface Played {
  row: Row;
  /** Undefined where the row did not get to its end. */
  result: Result | undefined;
  /** Why it failed. */
  faults: readonly string[];
}

export interface PlayOptions {
  services: Services;
  /** Signups a row, at least. */
  size: number;
  perSecond: number;
  /**
   * Whether the p99 is judged, and a single answer 503: not among the tests, whose machine may have other work. Default true.
   */
  judgeLatency?: boolean;
  onPlayed?: (played: Played) => void;
  /** Ends the row at hand, with its processes and mounts, and plays no more. */
  interruption?: AbortSignal;
}

/** Plays the rows one after another. */
export async function playRows(
  rows: readonly Row[],
  { onPlayed, ...options }: PlayOptions,
): Promise<Played[]> {
  const table: Played[] = [];
  const interruption = interrupted(options.interruption);
  interruption.catch(() => undefined);
  for (const row of rows) {
    if (options.interruption?.aborted) break;
    const played = await playRow(row, options, interruption);
    table.push(played);
    onPlayed?.(played);
  }
  return table;
}

async function playRow(
  row: Row,
  { judgeLatency = true, ...options }: Omit<PlayOptions, 'onPlayed' | 'interruption'>,
  interruption: Promise<never>,
): Promise<Played> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const stage = createStage({ ...options, defer: (close) => void closers.push(close) });
  const playing = async (): Promise<Result> => {
    await row.play(stage);
    return conclude(stage, row.expect, judgeLatency);
  };
  try {
    const result = await Promise.race([playing(), interruption]);
    return { row, result, faults: result.faults };
  } catch (error) {
    const { message } = error as Error;
    return { row, result: undefined, faults: [message] };
  } finally {
    for (const close of closers.toReversed()) await Promise.resolve(close()).catch(() => undefined);
  }
}

/** One listener for all rows. */
async function interrupted(signal?: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
  throw new Error('interrupted');
}
