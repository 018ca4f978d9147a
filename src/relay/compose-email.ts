import type { Config } from '../options.js';
import { verificationLink } from '../verification/verification-link.js';
import type { ClaimedEmail } from '../outbox/claim-emails.js';
import type { OutgoingEmail } from '../outbox/publisher.js';

/** What to do with a claimed email, by what its account and its token are now. */
export type Composed =
  | { action: 'publish'; email: ClaimedEmail; outgoing: OutgoingEmail }
  | { action: 'reissue'; email: ClaimedEmail }
  | { action: 'obsolete'; email: ClaimedEmail };

/** Builds the message of section 4 of the contract. The link is made here, and nowhere stored. */
export function composeEmail(config: Config, email: ClaimedEmail): Composed {
  if (email.is_gone) return { action: 'obsolete', email };
  if (email.template === 'account-exists') {
    return {
      action: 'publish',
      email,
      outgoing: outgoing(email, 'You already have a FluentMeet account', undefined),
    };
  }
  if (email.is_verified) return { action: 'obsolete', email };
  const link = verificationLink(config, email);
  if (!link) return { action: 'reissue', email };
  return { action: 'publish', email, outgoing: outgoing(email, 'Verify your FluentMeet account', link) };
}

function outgoing(email: ClaimedEmail, subject: string, link: string | undefined): OutgoingEmail {
  return {
    key: String(email.user_id),
    value: {
      to: email.email,
      subject,
      template: email.template,
      data: { full_name: email.full_name, ...(link ? { verification_link: link } : {}) },
    },
    headers: {
      'event-id': email.event_id,
      'event-type': `email.${email.template}`,
      'content-type': 'application/json',
      'schema-version': '1',
      language: email.listening_language,
    },
  };
}
