import type { ConsumerSession } from './consumer-session.js';

const usualPause = 50;
const failedPause = 1_000;

export interface Committer {
  /** Something is done with: its offset is committed within moments, with whatever else is by then. */
  soon(): void;
  /** Commits what is done with by now, for the last time. */
  last(): Promise<void>;
  /** Nothing is committed any more. */
  stop(): void;
}

/** Commits offsets some at a time, and tries again where that failed. */
export function createCommitter(present: () => ConsumerSession | undefined): Committer {
  let timer: NodeJS.Timeout | undefined;

  function commitIn(pause: number): void {
    timer ??= setTimeout(() => void commit(), pause);
  }

  async function commit(): Promise<void> {
    const done = (await present()?.commit()) ?? true;
    timer = undefined;
    const hasMore = present()
      ?.lanes()
      .some((lane) => lane.progress() !== undefined);
    if (!done || hasMore) commitIn(done ? usualPause : failedPause);
  }

  return {
    soon: () => commitIn(usualPause),
    async last() {
      clearTimeout(timer);
      await present()?.commit();
    },
    stop: () => clearTimeout(timer),
  };
}
