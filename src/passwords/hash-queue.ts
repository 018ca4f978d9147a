import { ServiceUnavailableError } from '../errors.js';
import { networkOf } from '../network-of.js';

/** What a hash is for. Each has places and a line of its own, and they take turns. */
export type HashShare = 'signup' | 'login';

export interface HashQueueOptions {
  /** Hashes at a time, 1 or more. Below libuv's thread pool, which DNS and files share. */
  concurrency: number;
  /** Hashes that may wait besides those running, 0 or more. */
  maxQueue: number;
}

/**
 * How many passwords may wait to be hashed for each that is: under ten seconds' worth, 32 at cost 12, more at a lower one.
 * Beyond it, 503.
 */
export function hashQueuePerThread(cost: number): number {
  return Math.min(32 * 2 ** (12 - cost), 512);
}

/**
 * The gate before the hashing. A hash takes a core for a quarter of a second at cost 12: without a bound, a burst of
 * signups would hold up everything else on the thread pool for as long as the burst lasts.
 *
 * Signups and log-ins wait in two lines, which take turns, so that neither keeps the other out.
 *
 * No client holds more than a quarter of the places, and less the more are taken: a few that take what they can leave
 * room for others.
 */
export function createHashQueue({ concurrency, maxQueue }: HashQueueOptions) {
  const places = concurrency + maxQueue;
  const lines: Record<HashShare, Line> = {
    signup: { waiting: [], held: 0, heldBy: new Map() },
    login: { waiting: [], held: 0, heldBy: new Map() },
  };
  let running = 0;
  let lastServed: HashShare = 'login';

  /** @throws ServiceUnavailableError where `run` would reject at once: before other work is done in vain */
  function requireRoom(client?: string, share: HashShare = 'signup'): void {
    const free = places - lines[share].held;
    if (free < 1 || (client !== undefined && !hasRoomFor(client, free, share))) {
      throw new ServiceUnavailableError('hash-queue', false);
    }
  }

  /**
   * Beyond its first place a client may hold a third of what would then be left. Alone, that is a quarter of all.
   */
  function hasRoomFor(client: string, free: number, share: HashShare): boolean {
    const held = lines[share].heldBy.get(keyOf(client)) ?? 0;
    return held === 0 || (held + 1) * 3 <= free - 1;
  }

  function count(client: string | undefined, share: HashShare, change: 1 | -1): void {
    const { heldBy } = lines[share];
    lines[share].held += change;
    if (client === undefined) return;
    const key = keyOf(client);
    const held = (heldBy.get(key) ?? 0) + change;
    if (held > 0) heldBy.set(key, held);
    else heldBy.delete(key);
  }

  function next(): (() => void) | undefined {
    const turn = lastServed === 'login' ? 'signup' : 'login';
    const served = lines[turn].waiting.length > 0 ? turn : lastServed;
    lastServed = served;
    return lines[served].waiting.shift();
  }

  return {
    requireRoom,
    /**
     * Runs the work when its turn has come, first in, first out.
     *
     * @param client whose places are counted together; without one only the whole queue is the limit
     * @throws ServiceUnavailableError at once where there is no room
     */
    async run<T>(work: () => Promise<T>, client?: string, share: HashShare = 'signup'): Promise<T> {
      requireRoom(client, share);
      count(client, share, 1);
      if (running < concurrency) {
        running += 1;
      } else {
        await new Promise<void>((admit) => lines[share].waiting.push(admit));
      }
      try {
        return await work();
      } finally {
        count(client, share, -1);
        // The place goes straight to the next in line, so that nobody can slip in between.
        const admitNext = next();
        if (admitNext) admitNext();
        else running -= 1;
      }
    },
    /** How much is waiting or running now. */
    get pending(): number {
      return lines.signup.held + lines.login.held;
    },
  };
}

/** Who is no address is counted by what they are. */
function keyOf(client: string): string {
  return networkOf(client) ?? client;
}

interface Line {
  waiting: (() => void)[];
  /** Waiting or running, in all and by client. */
  held: number;
  heldBy: Map<string, number>;
}
