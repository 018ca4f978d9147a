import { ServiceUnavailableError } from '../errors.js';

export interface HashQueue {
  /**
   * Runs the work when its turn has come, first in, first out.
   *
   * @param client whose places are counted together; without one only the whole queue is the limit
   * @throws ServiceUnavailableError at once where there is no room
   */
  run<T>(work: () => Promise<T>, client?: string): Promise<T>;
  /** @throws ServiceUnavailableError where `run` would reject at once: before other work is done in vain */
  requireRoom(client?: string): void;
  /** How much is waiting or running now. */
  readonly pending: number;
}

export interface HashQueueOptions {
  /** Hashes at a time, 1 or more. Below libuv's thread pool, which DNS and files share. */
  concurrency: number;
  /** Hashes that may wait besides those running, 0 or more. */
  maxQueue: number;
}

/**
 * The gate before the hashing. A hash takes a core for a quarter of a second at cost 12: without a bound, a burst of
 * signups would hold up everything else on the thread pool for as long as the burst lasts.
 *
 * No client holds more than a quarter of the places, and less the more are taken: a few that take what they can leave
 * room for others.
 *
 * @throws RangeError for options that could never work
 */
export function createHashQueue({ concurrency, maxQueue }: HashQueueOptions): HashQueue {
  requireInteger('concurrency', concurrency, 1);
  requireInteger('maxQueue', maxQueue, 0);

  const places = concurrency + maxQueue;
  const waiting: (() => void)[] = [];
  const heldBy = new Map<string, number>();
  let running = 0;

  function requireRoom(client?: string): void {
    const free = places - running - waiting.length;
    if (free < 1 || (client !== undefined && !hasRoomFor(client, free))) {
      throw new ServiceUnavailableError('hash-queue', false);
    }
  }

  /**
   * Beyond its first place a client may hold a third of what would then be left. Alone, that is a quarter of all.
   */
  function hasRoomFor(client: string, free: number): boolean {
    const held = heldBy.get(client) ?? 0;
    return held === 0 || (held + 1) * 3 <= free - 1;
  }

  function count(client: string | undefined, change: 1 | -1): void {
    if (client === undefined) return;
    const held = (heldBy.get(client) ?? 0) + change;
    if (held > 0) heldBy.set(client, held);
    else heldBy.delete(client);
  }

  return {
    requireRoom,
    async run(work, client) {
      requireRoom(client);
      count(client, 1);
      if (running < concurrency) {
        running += 1;
      } else {
        await new Promise<void>((admit) => waiting.push(admit));
      }
      try {
        return await work();
      } finally {
        count(client, -1);
        // The place goes straight to the next in line, so that nobody can slip in between.
        const admitNext = waiting.shift();
        if (admitNext) admitNext();
        else running -= 1;
      }
    },
    get pending() {
      return running + waiting.length;
    },
  };
}

function requireInteger(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${name} must be an integer of ${least} or more`);
}
