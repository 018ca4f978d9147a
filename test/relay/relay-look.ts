import { randomUUID } from 'node:crypto';
import type { Internals } from '../../src/fluentmeet.js';
import { claimEmails } from '../../src/outbox/claim-emails.js';
import { writeRequestedEmails } from '../../src/outbox/email-request.js';
import { settleEmails } from '../../src/outbox/settle-emails.js';
import { composeBatch } from '../../src/relay/compose-batch.js';

/** Writes the emails that were asked for and issues their links, as a relay does at its next look; publishes none. */
export async function relayLook(context: Internals): Promise<void> {
  await writeRequestedEmails(context);
  const leaseToken = randomUUID();
  const batch = await claimEmails(context, { limit: 1_000, kind: 'healthy', leaseToken });
  if (batch.emails.length === 0) return;
  const emails = batch.emails.filter(({ verification_token_id: token }) => token === null);
  await composeBatch(context, { ...batch, emails });
  const settlements = batch.emails.map(({ id }) => ({ id, status: 'given-back' as const }));
  await settleEmails(context, leaseToken, settlements);
}
