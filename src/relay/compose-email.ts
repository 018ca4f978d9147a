import type { ClaimedEmail } from '../outbox/claim-emails.js';
import { isObsolete } from '../outbox/is-obsolete.js';
import { buildMessage } from '../outbox/message.js';
import type { OutgoingEmail } from '../outbox/publisher.js';
import { isTemplate, templates } from '../outbox/templates.js';
import type { Config } from '../options.js';
import { verificationLink } from '../verification/verification-link.js';

/** What to do with a claimed email, by what its account and its token are now. */
export type Composed =
  | { action: 'publish'; email: ClaimedEmail; outgoing: OutgoingEmail }
  | { action: 'reissue'; email: ClaimedEmail }
  | { action: 'obsolete'; email: ClaimedEmail }
  /** A newer version wrote it, and its relay publishes it. */
  | { action: 'unknown-template'; email: ClaimedEmail };

/** The link is made here, and nowhere stored. */
export function composeEmail(config: Config, email: ClaimedEmail): Composed {
  const { template } = email;
  if (isObsolete(email)) return { action: 'obsolete', email };
  if (!isTemplate(template)) return { action: 'unknown-template', email };
  if (!templates[template].hasLink)
    return { action: 'publish', email, outgoing: buildMessage({ ...email, template }, config.brand.name) };
  const url = verificationLink(config, email);
  if (!url || !email.token_expires_at) return { action: 'reissue', email };
  const link = { url, expiresAt: email.token_expires_at };
  return {
    action: 'publish',
    email,
    outgoing: buildMessage({ ...email, template }, config.brand.name, link),
  };
}
