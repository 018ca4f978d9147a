import type { Context } from '../context.js';
import type { Batch, ClaimedEmail } from '../outbox/claim-emails.js';
import type { OutgoingEmail } from '../outbox/publisher.js';
import type { Settlement } from '../outbox/settle-emails.js';
import { type Composed, composeEmail } from './compose-email.js';
import { reissueLinks } from './reissue-links.js';
import { rejection } from './rejection.js';

/** However few attempts an email has: a relay that is killed is no fault of the emails it held. */
const leastClaims = 5;

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
  if (stale.length > 0) {
    const reissued = await reissueLinks(context, leaseToken, stale);
    composed.push(...reissued.map((email) => composeEmail(config, email)));
  }
  const killers = emails.filter((email) => unsettledClaims(email) >= most);
  return {
    toPublish: composed.filter((one) => one.action === 'publish'),
    settlements: [
      ...killers.map((email) => ({
        id: email.id,
        status: 'dead' as const,
        error: `claimed ${unsettledClaims(email)} times without a result`,
      })),
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
