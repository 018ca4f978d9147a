import { backoff } from '../backoff.js';
import type { Context } from '../context.js';
import type { Config } from '../options/options.js';
import { type Batch, type ClaimedEmail, isObsolete } from '../outbox/claim-emails.js';
import { buildMessage } from '../outbox/message.js';
import type { OutgoingEmail } from '../outbox/publisher.js';
import type { Settlement } from '../outbox/settle-emails.js';
import { isTemplate, templates } from '../outbox/templates.js';
import { verificationLink } from '../verification/verification-link.js';
import { reissueLinks } from './reissue-links.js';

/** However few attempts an email has: a relay that is killed is no fault of the emails it held. */
const leastClaims = 5;

/** Milliseconds until an email is looked at again whose account somebody holds. */
const nextLook = 1_000;

/** What is to be done with a batch: emails to publish, as they are now, and those that are settled without it. */
export interface ComposedBatch {
  toPublish: { email: ClaimedEmail; outgoing: OutgoingEmail }[];
  settlements: Settlement[];
}

/** Builds the messages of a batch, with fresh links where the old ones would not work. @throws ServiceUnavailableError */
export async function composeBatch(context: Context, { leaseToken, emails }: Batch): Promise<ComposedBatch> {
  const { config } = context;
  const most = Math.max(config.emailMaxAttempts, leastClaims);
  const composed = emails
    .filter((email) => unsettledClaims(email) < most)
    .map((email) => composeEmail(config, email));
  const stale = composed.filter(({ action }) => action === 'reissue').map(({ email }) => email);
  const reissued = stale.length > 0 ? await reissueLinks(context, leaseToken, stale) : [];
  composed.push(...reissued.map((email) => composeEmail(config, email)));
  const fresh = new Set(reissued.map(({ id }) => id));
  const waiting = stale.filter(({ id }) => !fresh.has(id));
  const killers = emails.filter((email) => unsettledClaims(email) >= most);
  return {
    toPublish: composed.filter((one) => one.action === 'publish'),
    settlements: [
      ...killers.map((email) => ({
        id: email.id,
        status: 'dead' as const,
        error: `claimed ${unsettledClaims(email)} times without a result`,
      })),
      ...waiting.map(({ id }) => ({ id, status: 'given-back' as const, backoff: nextLook })),
      ...composed.flatMap(settledAlready),
    ],
  };
}

/** The claim at hand has no result yet either: it counts only from the next one on. */
function unsettledClaims({ claims, attempts }: ClaimedEmail): number {
  return claims - attempts - 1;
}

function settledAlready({ action, email }: Composed): Settlement[] {
  switch (action) {
    case 'obsolete':
      return [{ id: email.id, status: 'obsolete' }];
    // While processes are renewed one by one, a newer one may get to it before its attempts are spent.
    case 'unknown-template':
      return [rejection(email, `this version knows no template "${email.template}"`)];
    case 'publish':
    case 'reissue':
      return [];
  }
}

/** What to do with a claimed email, by what its account and its token are now. */
type Composed =
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
  const { hasLink } = templates[template];
  const url = hasLink ? verificationLink(config, email) : undefined;
  const link = url && email.token_expires_at ? { url, expiresAt: email.token_expires_at } : undefined;
  if (hasLink && !link) return { action: 'reissue', email };
  const outgoing = buildMessage({ ...email, template }, config.brand.name, link);
  return { action: 'publish', email, outgoing };
}

/** Ten attempts then take one to two hours: time to mend what they are refused for. */
const rejectedBackoff = { first: 15_000, most: 3_600_000 };

/** A failure of this email's own: one attempt less, and the next one ever later. */
export function rejection({ id, attempts }: ClaimedEmail, error: string): Settlement {
  return { id, status: 'rejected', error, backoff: backoff(attempts + 1, rejectedBackoff) };
}
