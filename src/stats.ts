import type { Context } from './context.js';
import { outboxStats, type OutboxStats } from './outbox/outbox-stats.js';
import { type Pause, currentPause } from './outbox/relay-pause.js';
import type { RelayState } from './relay/relay.js';

/** How the queue and the relay are. */
export interface Stats {
  emails: OutboxStats;
  /** `none` where a relay elsewhere publishes. */
  relay: { state: RelayState | 'none'; lastError: string | undefined };
  /** An operator holds up every relay, in all processes; null where nobody does. */
  pause: Pause | null;
  /** Passwords being hashed or waiting to be. */
  passwordsPending: number;
}

/** @throws ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function readStats({
  relay,
  hasher,
  ...context
}: Context & {
  readonly relay: Stats['relay'];
  readonly hasher: { readonly pending: number };
}): Promise<Stats> {
  return {
    emails: await outboxStats(context),
    relay: { state: relay.state, lastError: relay.lastError },
    pause: await currentPause(context),
    passwordsPending: hasher.pending,
  };
}
