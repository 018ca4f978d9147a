import { backoff } from '../backoff.js';
import type { ClaimedEmail } from '../outbox/claim-emails.js';
import type { Settlement } from '../outbox/settle-emails.js';

const rejectedBackoff = { first: 5_000, most: 3_600_000 };

/** A failure of this email's own: one attempt less, and the next one ever later. */
export function rejection({ id, attempts }: ClaimedEmail, error: string): Settlement {
  return { id, status: 'rejected', error, backoff: backoff(attempts + 1, rejectedBackoff) };
}
