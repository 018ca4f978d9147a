import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.js';
import type { LogData } from '../logger.js';
import { type Batch, type ClaimedEmail, leaseDuration } from '../outbox/claim-emails.js';
import { type Settled, type Settlement, settleEmails } from '../outbox/settle-emails.js';

const retryAfter = 250;

/**
 * Publishing cannot be taken back, so a database that is away is asked again until the answer is written: every email
 * left unsettled would be published twice. It gives up after two leases, when another relay surely has them.
 *
 * @param giveUp ends the asking
 */
export async function settleBatch(
  context: Context,
  { leaseToken, emails }: Batch,
  settlements: readonly Settlement[],
  giveUp: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + 2 * leaseDuration;
  for (;;) {
    try {
      const settled = await settleEmails(context, leaseToken, settlements);
      logSettled(context, emails, settlements, settled);
      return;
    } catch (error) {
      if (giveUp.aborted || performance.now() > deadline) throw error;
      await delay(retryAfter);
    }
  }
}

function logSettled(
  context: Context,
  emails: readonly ClaimedEmail[],
  settlements: readonly Settlement[],
  settled: readonly Settled[],
): void {
  const emailsById = new Map(emails.map((email) => [email.id, email]));
  const settledById = new Map(settled.map((one) => [one.id, one]));
  for (const settlement of settlements) {
    const email = emailsById.get(settlement.id) as ClaimedEmail;
    logOne(context, email, settlement, settledById.get(settlement.id));
  }
}

function logOne(
  { logger }: Context,
  { id, user_id, event_id, attempts }: ClaimedEmail,
  settlement: Settlement,
  settled: Settled | undefined,
): void {
  const data = (event: string): LogData => ({
    event,
    id: Number(id),
    userId: Number(user_id),
    eventId: event_id,
    attempts: settled?.attempts ?? attempts,
  });
  const error = 'error' in settlement ? settlement.error : undefined;
  if (!settled) logger.warn(data('email.lease-lost'), 'Email settled by another relay meanwhile');
  else if (settled.status === 'dead') logger.error({ ...data('email.dead'), error }, 'Email is dead');
  else if (settlement.status === 'rejected')
    logger.warn({ ...data('email.rejected'), error }, 'Email rejected, will be retried');
  else if (settlement.status === 'published')
    logger.info({ ...data('email.published'), seconds: settled.seconds }, 'Email published');
  else if (settlement.status === 'obsolete') logger.info(data('email.obsolete'), 'Email no longer needed');
}
