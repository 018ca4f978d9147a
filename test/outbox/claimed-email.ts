import { randomUUID } from 'node:crypto';
import type { Batch, ClaimedEmail } from '../../src/outbox/claim-emails.js';
import { newToken } from '../../src/verification/token-value.js';
import { testSecret } from '../fluentmeet/test-instance.js';

/** A claimed email as it comes from the database, publishable unless a field says otherwise. */
export function claimedEmail(fields: Partial<ClaimedEmail> = {}): ClaimedEmail {
  const token = newToken(testSecret);
  return {
    id: '7',
    event_id: randomUUID(),
    user_id: '42',
    template: 'verification',
    attempts: 0,
    claims: 1,
    created_at: new Date('2026-03-14T12:00:00.000Z'),
    due: Date.parse('2026-03-14T12:00:00.000Z'),
    has_waited: false,
    has_waited_for_domain: false,
    is_again: false,
    verification_token_id: token.id,
    token_hash: token.hash,
    token_live: true,
    token_expires_at: new Date('2026-03-15T12:00:00.000Z'),
    email: 'ada@example.com',
    full_name: 'Ada Lovelace',
    listening_language: 'fr',
    is_verified: false,
    is_gone: false,
    ...fields,
  };
}

export function batchOf(emails: ClaimedEmail[], fields: Partial<Batch> = {}): Batch {
  return { leaseToken: randomUUID(), emails, age: () => 0, ...fields };
}
