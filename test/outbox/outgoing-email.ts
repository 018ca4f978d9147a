import { buildMessage } from '../../src/outbox/message.js';
import type { OutgoingEmail } from '../../src/outbox/publisher.js';
import { claimedEmail } from './claimed-email.js';

export interface OutgoingFields {
  eventId?: string;
  userId?: string;
  name?: string | null;
  to?: string;
}

/** A verification email on its way out. */
export function outgoingEmail({ eventId, userId = '1', name, to }: OutgoingFields = {}): OutgoingEmail {
  const email = claimedEmail({
    user_id: userId,
    ...(eventId === undefined ? {} : { event_id: eventId }),
    ...(name === undefined ? {} : { full_name: name }),
    ...(to === undefined ? {} : { email: to }),
  });
  const link = {
    url: 'https://app.example.com/api/v1/auth/verify-email?token=t',
    expiresAt: new Date('2026-03-15T12:00:00.000Z'),
  };
  return buildMessage({ ...email, template: 'verification' }, 'FluentMeet', link);
}
