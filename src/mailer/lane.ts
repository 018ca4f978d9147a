/** The messages of one partition that are being worked on, in their order, and up to where they are done. */
export interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly unfinished: number;
  /** The partition's next offset when it was last read. */
  highWatermark: string;
  /** The partition is somebody else's now: what becomes of its messages is no longer committed. */
  closed: boolean;
  /** Fetching is paused. */
  paused: boolean;
  add(offset: string): void;
  finish(offset: string): void;
  isFinished(offset: string): boolean;
  /** The offset to commit: the first that is not done, once that is beyond the one committed last. */
  progress(): string | undefined;
  committed(offset: string): void;
  /** Unfinished messages that stand before a finished one, which cannot be committed for them. */
  heldUp(): string[];
  /** Messages that nobody has finished: those of this partition beyond what is done, read or not. */
  waiting(): number;
}

/**
 * Mails go out side by side and end in any order; an offset may be committed only when everything before it is done.
 */
export function createLane(topic: string, partition: number): Lane {
  /** By offset, in order: whether it is done. */
  const messages = new Map<string, boolean>();
  let unfinished = 0;
  let next: string | undefined;
  let committed: string | undefined;
  return {
    topic,
    partition,
    highWatermark: '0',
    closed: false,
    paused: false,
    get unfinished() {
      return unfinished;
    },
    add(offset) {
      if (messages.has(offset)) return;
      messages.set(offset, false);
      unfinished += 1;
      next ??= offset;
      committed ??= offset;
    },
    finish(offset) {
      if (messages.get(offset) !== false) return;
      messages.set(offset, true);
      unfinished -= 1;
      for (const [first, done] of messages) {
        if (!done) break;
        messages.delete(first);
        next = String(BigInt(first) + 1n);
      }
    },
    isFinished: (offset) => messages.get(offset) !== false,
    progress: () => (next === committed ? undefined : next),
    committed(offset) {
      committed = offset;
    },
    heldUp() {
      const offsets = [...messages];
      const last = offsets.findLastIndex(([, done]) => done);
      return offsets.slice(0, last + 1).flatMap(([offset, done]) => (done ? [] : [offset]));
    },
    waiting() {
      const finishedAhead = messages.size - unfinished;
      const left = next === undefined ? 0n : BigInt(this.highWatermark) - BigInt(next);
      return Math.max(unfinished, Number(left) - finishedAhead);
    },
  };
}
