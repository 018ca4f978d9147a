import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.js';
import { claimEmails } from '../outbox/claim-emails.js';
import type { EmailStatus, OutboxEmail } from '../outbox/outbox-email.js';
import type { Publisher } from '../outbox/publisher.js';
import { type Pause, currentPause } from '../outbox/relay-pause.js';
import { type BatchResult, publishBatch } from './publish-batch.js';

export interface PublishNowOptions {
  /** Milliseconds after which what is left stays pending for a relay. */
  patience: number;
  /** Ends it after the batch at hand; nothing stays claimed. */
  signal?: AbortSignal | undefined;
  /** How many emails are done with, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Where an email stands in the end; `error` says why it is not published. */
export interface PublishNowResult {
  id: number;
  status: EmailStatus;
  error: string | null;
  /** It is pending because the publisher is away, not for a fault of its own. */
  outage?: boolean;
  /** It is pending because an operator holds up every relay: for this reason. */
  paused?: string;
}

/**
 * Publishes these emails without waiting for a relay, by the same claim and the same publishing: what a relay does with
 * them meanwhile counts as well, and none is published twice. Obeys a pause, as relays do.
 *
 * @throws ServiceUnavailableError, DatabaseError
 */
export async function publishNow(
  context: Context,
  publisher: Publisher,
  ids: readonly string[],
  { patience, signal, onProgress }: PublishNowOptions,
): Promise<PublishNowResult[]> {
  const deadline = performance.now() + patience;
  const waiting = new Set(ids);
  let outage: Error | undefined;
  let pause: Pause | null = null;
  const strikeOff = (done: readonly string[]): void => done.forEach((id) => waiting.delete(id));
  while (waiting.size > 0 && !outage && !pause && !signal?.aborted && performance.now() < deadline) {
    const before = waiting.size;
    const batch = await claimEmails(context, { limit: 100, kind: 'healthy', ids: [...waiting] });
    if (batch.emails.length > 0) {
      const result = await publishBatch(context, publisher, batch, AbortSignal.timeout(patience));
      strikeOff(endedIn(result));
      outage = result.outage;
    } else {
      // The rest is another relay's: see what became of it.
      const rows = await readStatuses(context, [...waiting]);
      const pending = new Set(rows.filter(({ status }) => status === 'pending').map(({ id }) => String(id)));
      strikeOff([...waiting].filter((id) => !pending.has(id)));
      if (waiting.size > 0) pause = await currentPause(context);
    }
    // All that was claimed came back: not to write it over and over.
    if (waiting.size === before && !outage && !pause) await delay(batch.emails.length > 0 ? 1_000 : 100);
    onProgress?.(ids.length - waiting.size, ids.length);
  }
  return (await readStatuses(context, ids)).map((row) => toResult(row, outage, pause));
}

/** Without what was given back: its account was held for a moment, say. In an outage all of it is left to a relay. */
function endedIn({ settlements, outage }: BatchResult): string[] {
  return settlements.filter(({ status }) => outage || status !== 'given-back').map(({ id }) => id);
}

function toResult(
  { id, status, attempts, last_error }: OutboxEmail,
  outage: Error | undefined,
  pause: Pause | null,
): PublishNowResult {
  if (status !== 'pending' || attempts > 0) return { id, status, error: last_error };
  if (outage) return { id, status, error: outage.message, outage: true };
  // Not tried: what its row says is of an earlier time, before the replay.
  return { id, status, error: null, ...(pause && { paused: pause.reason }) };
}

function readStatuses({ models }: Context, ids: readonly string[]): Promise<OutboxEmail[]> {
  return models.OutboxEmail.findAll({ where: { id: [...ids] }, order: ['id'] });
}
