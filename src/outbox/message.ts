import type { ClaimedEmail } from './claim-emails.js';
import type { EmailHeaders, EmailMessage, OutgoingEmail } from './publisher.js';
import { type EmailTemplate, templates } from './templates.js';

/** A verification link, and when it ends. */
interface EmailLink {
  url: string;
  expiresAt: Date;
}

/** What a message is made of. */
type MessageSource = Pick<
  ClaimedEmail,
  'email' | 'full_name' | 'listening_language' | 'user_id' | 'event_id' | 'created_at'
> & { template: EmailTemplate };

/**
 * The message of section 4 of the contract.
 *
 * @param link where its template has one
 */
export function buildMessage(email: MessageSource, brandName: string, link?: EmailLink): OutgoingEmail {
  const { subject, data } = templates[email.template];
  return {
    key: email.user_id,
    // One entry of a record gives each template its own data: more than the compiler can follow.
    value: {
      to: email.email,
      subject: subject(brandName),
      template: email.template,
      data: data({ full_name: email.full_name }, link?.url ?? ''),
    } as EmailMessage,
    headers: headers(email, link),
  };
}

function headers(email: MessageSource, link: EmailLink | undefined): EmailHeaders {
  return {
    'event-id': email.event_id,
    'event-type': `email.${email.template}`,
    'content-type': 'application/json',
    'schema-version': '1',
    language: email.listening_language,
    'created-at': email.created_at.toISOString(),
    ...(link ? { 'expires-at': link.expiresAt.toISOString() } : {}),
  };
}
