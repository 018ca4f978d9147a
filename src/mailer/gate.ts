import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../backoff.js';
import { failureKind } from '../failure-kind.js';

export interface GateOptions {
  /** Resolves if the server could be sent to. */
  check(): Promise<void>;
  backoff: { first: number; most: number };
  /** The server is away; told again where it is for another reason, else not until it was back. */
  onClosed(error: unknown): void;
  /** The first mail went through again. */
  onOpened(): void;
  /** More or less may be sent than before. */
  onChange(): void;
}

/** Whether mails may go to the server now: an outage closes it, and one mail alone finds out whether it is over. */
export function createGate(options: GateOptions) {
  const stopping = new AbortController();
  let state: 'closed' | 'ajar' | 'open' = 'closed';
  let failures = 0;
  let told: string | undefined;
  let probing = false;

  async function probe(): Promise<void> {
    if (probing) return;
    probing = true;
    while (state === 'closed' && !stopping.signal.aborted) {
      if (failures > 0)
        await delay(backoff(failures, options.backoff), undefined, { signal: stopping.signal });
      try {
        await options.check();
        // Nothing has failed at a start: there is no outage to find the end of, and connections take a while to open.
        state = failures === 0 ? 'open' : 'ajar';
      } catch (error) {
        note(error);
      }
    }
    probing = false;
    options.onChange();
  }

  function note(error: unknown): void {
    failures += 1;
    const kind = failureKind(error);
    // What the stop cuts off tells nothing of the server.
    if (told === kind || stopping.signal.aborted) return;
    told = kind;
    options.onClosed(error);
  }

  // What ends the waiting is the stop alone.
  const probeInBackground = (): void => void probe().catch(() => undefined);

  return {
    /** How many of this many may be sent at once. */
    width: (most: number) => (state === 'open' ? most : state === 'ajar' ? 1 : 0),
    get isClosed() {
      return state === 'closed';
    },
    start: probeInBackground,
    failed(error: unknown): void {
      // Those that were under way when it began tell of the same outage.
      if (state === 'closed') return;
      state = 'closed';
      note(error);
      options.onChange();
      probeInBackground();
    },
    /** The server has answered for a mail, well or badly. */
    worked(): void {
      // A mail that was under way when others failed is no proof yet.
      if (state === 'closed') return;
      failures = 0;
      if (state === 'open') return;
      state = 'open';
      if (told !== undefined) options.onOpened();
      told = undefined;
      options.onChange();
    },
    stop: () => stopping.abort(),
  };
}
