interface Event {
  at: number;
  /** Of two at the same moment the first comes first. */
  order: number;
  work: () => void;
}

/** Runs what is due in the order of time. One simulation has one. */
export class Clock {
  /** Milliseconds. */
  now = 0;
  readonly #due: Event[] = [];
  #order = 0;

  in(milliseconds: number, work: () => void): void {
    this.#push({ at: this.now + milliseconds, order: this.#order++, work });
  }

  run(until: number): void {
    for (let next = this.#pop(); next && next.at <= until; next = this.#pop()) {
      this.now = next.at;
      next.work();
    }
    this.now = until;
  }

  #push(one: Event): void {
    const heap = this.#due;
    heap.push(one);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #pop(): Event | undefined {
    const heap = this.#due;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child;
      }
      if (least === at) return first;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Some servers with one queue in front of them. */
export class Station {
  busy = 0;
  refused = 0;
  readonly #waiting: { takes: number; done: () => void }[] = [];
  #served = 0;

  /** @param room how many may wait; the next is refused */
  constructor(
    readonly clock: Clock,
    readonly servers: number,
    readonly room = Infinity,
  ) {}

  /** False where it is refused. */
  ask(takes: number, done: () => void): boolean {
    if (this.busy < this.servers) this.#serve(takes, done);
    else if (this.#waiting.length < this.room) this.#waiting.push({ takes, done });
    else {
      this.refused++;
      return false;
    }
    return true;
  }

  /** Of the time up to now. */
  get utilisation(): number {
    return this.#served / (this.servers * this.clock.now);
  }

  #serve(takes: number, done: () => void): void {
    this.busy++;
    this.clock.in(takes, () => {
      this.busy--;
      this.#served += takes;
      const next = this.#waiting.shift();
      if (next) this.#serve(next.takes, next.done);
      done();
    });
  }
}
