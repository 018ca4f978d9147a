/**
 * The messages of one partition that are being worked on, in their order, and up to where they are done. Mails go out side
 * by side and end in any order; an offset may be committed only when everything before it is done.
 */
export class Lane {
  /** The partition's next offset when it was last read. */
  highWatermark = '0';
  /** The partition is somebody else's now: what becomes of its messages is no longer committed. */
  closed = false;
  /** Fetching is paused. */
  paused = false;
  unfinished = 0;
  /** By offset, in order: whether it is done. */
  readonly #messages = new Map<string, boolean>();
  #next: string | undefined;
  #committed: string | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  add(offset: string): void {
    if (this.#messages.has(offset)) return;
    this.#messages.set(offset, false);
    this.unfinished += 1;
    this.#next ??= offset;
    this.#committed ??= offset;
  }

  finish(offset: string): void {
    if (this.#messages.get(offset) !== false) return;
    this.#messages.set(offset, true);
    this.unfinished -= 1;
    for (const [first, done] of this.#messages) {
      if (!done) break;
      this.#messages.delete(first);
      this.#next = String(BigInt(first) + 1n);
    }
  }

  /** The offset to commit: the first that is not done, once that is beyond the one committed last. */
  progress(): string | undefined {
    return this.#next === this.#committed ? undefined : this.#next;
  }

  committed(offset: string): void {
    this.#committed = offset;
  }

  /** Unfinished messages that stand before a finished one, which cannot be committed for them. */
  heldUp(): string[] {
    const offsets = [...this.#messages];
    const last = offsets.findLastIndex(([, done]) => done);
    return offsets.slice(0, last + 1).flatMap(([offset, done]) => (done ? [] : [offset]));
  }

  /** Messages that nobody has finished: those of this partition beyond what is done, read or not. */
  waiting(): number {
    const finishedAhead = this.#messages.size - this.unfinished;
    const left = this.#next === undefined ? 0n : BigInt(this.highWatermark) - BigInt(this.#next);
    return Math.max(this.unfinished, Number(left) - finishedAhead);
  }
}
