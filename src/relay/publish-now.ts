import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.js';
import { claimEmails } from '../outbox/claim-emails.js';
import type { EmailStatus } from '../outbox/outbox-email.js';
import { publishBatch } from './publish-batch.js';
import type { Publisher } from '../outbox/publisher.js';

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
}

/**
 * Publishes these emails without waiting for a relay, by the same claim and the same publishing: what a relay does with
 * them meanwhile counts as well, and none is published twice.
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
  while (waiting.size > 0 && !outage && !signal?.aborted && performance.now() < deadline) {
    const batch = await claimEmails(context, { limit: 100, kind: 'healthy', ids: [...waiting] });
    if (batch.emails.length > 0) {
      const result = await publishBatch(context, publisher, batch, AbortSignal.timeout(patience));
      for (const { id } of batch.emails) waiting.delete(id);
      outage = result.outage;
    } else {
      // The rest is another relay's: see what became of it.
      const rows = await readStatuses(context, [...waiting]);
      const pending = new Set(rows.filter(({ status }) => status === 'pending').map(({ id }) => id));
      for (const id of waiting) if (!pending.has(id)) waiting.delete(id);
      if (waiting.size > 0) await delay(100);
    }
    onProgress?.(ids.length - waiting.size, ids.length);
  }
  const away = outage;
  return (await readStatuses(context, ids)).map(({ id, status, attempts, last_error }) =>
    away && status === 'pending' && attempts === 0
      ? { id: Number(id), status, error: away.message, outage: true }
      : { id: Number(id), status, error: last_error, outage: false },
  );
}

interface StatusRow {
  id: string;
  status: EmailStatus;
  attempts: number;
  last_error: string | null;
}

function readStatuses({ database }: Context, ids: readonly string[]): Promise<StatusRow[]> {
  return database.query<StatusRow>(
    `select id, status, attempts, last_error from ${database.table('email_outbox')} where id = any($1) order by id`,
    [ids],
  );
}
