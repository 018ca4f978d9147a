import type { Context } from '../context.js';
import type { Config } from '../options/options.js';
import type { Publisher } from '../outbox/publisher.js';
import type { Pause } from '../outbox/relay-pause.js';
import type { AccountReference } from './account.js';
import { type AccountHistory, type IssuedLink, readAccountHistory } from './account-history.js';
import type { EmailDetails } from './email-details.js';

/** Why somebody did or did not get their mail: the first that applies, with what it rests on. */
export type Diagnosis =
  | { code: 'unknown'; signup: Config['signup'] }
  | { code: 'deleted'; at: Date }
  | { code: 'inactive' }
  | { code: 'verified' }
  /** There is no verification email: seeded, imported, or pruned. */
  | { code: 'no-email' }
  /** A new one was asked for, and no relay has written it yet. */
  | { code: 'requested'; since: Date; isLate: boolean }
  /** About to be published. */
  | { code: 'due'; email: EmailDetails }
  /** Its mailbox has had as many as it may, or its domain (`email.held_by`). */
  | { code: 'held'; email: EmailDetails }
  | { code: 'publishing'; email: EmailDetails }
  /** An operator holds up every relay. */
  | { code: 'paused'; email: EmailDetails; pause: Pause }
  /** It was refused, and is tried again. */
  | { code: 'retrying'; email: EmailDetails; isDue: boolean; maxAttempts: number }
  /** Relays are at work, and this many emails are due. */
  | { code: 'relay-behind'; email: EmailDetails; due: number }
  /** Nothing was published lately. Undefined where nobody knows whether the publisher can be reached. */
  | { code: 'relay-stopped'; email: EmailDetails; publisherAnswers: boolean | undefined }
  /** The publisher cannot be reached from here. */
  | { code: 'outage'; email: EmailDetails; error: string }
  | { code: 'dead'; email: EmailDetails }
  | { code: 'published'; email: EmailDetails; linkExpiresAt: Date }
  | { code: 'link-expired'; email: EmailDetails }
  | { code: 'link-revoked'; email: EmailDetails }
  | { code: 'obsolete'; email: EmailDetails };

/** What the newest link of an account is good for; `not-valid` while the account is inactive or deleted. */
export type LinkState = 'works' | 'expired' | 'revoked' | 'not-valid';

export interface Explanation extends Pick<AccountHistory, 'account' | 'emails' | 'links' | 'resends'> {
  diagnosis: Diagnosis;
  /** Null where none was issued, and once the account is verified: its links have done what they are for. */
  newestLink: { state: LinkState; expiresAt: Date } | null;
  /** When a link verified the account. */
  linkUsedAt: Date | null;
}

/** What explaining needs besides the context: whoever has none cannot tell an outage from a relay that is stopped. */
export interface ExplainContext extends Context {
  readonly publisher: Publisher | undefined;
}

/** @throws ValidationError (`VALIDATION_ERROR`), ServiceUnavailableError (`SERVICE_UNAVAILABLE`) */
export async function explainUser(
  context: ExplainContext,
  reference: AccountReference,
): Promise<Explanation> {
  const history = await readAccountHistory(context, reference);
  const first = explain(history, context.config);
  const matters = first.diagnosis.code === 'due' || first.diagnosis.code === 'relay-behind';
  if (!context.publisher || !(matters || first.diagnosis.code === 'relay-stopped')) return first;
  const outage = await context.publisher.check().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : 'unknown error'),
  );
  return explain(history, context.config, outage);
}

/**
 * The explanation of a history, without a database.
 *
 * @param outage why the publisher cannot be reached; null when it can; undefined when that is not known
 */
export function explain(history: AccountHistory, config: Config, outage?: string | null): Explanation {
  const { account, emails, links } = history;
  return {
    diagnosis: diagnose(history, config, outage),
    account,
    emails,
    links,
    newestLink: newestLink(history),
    linkUsedAt: links.find(({ used_at }) => used_at)?.used_at ?? null,
    resends: history.resends,
  };
}

function diagnose(
  history: AccountHistory,
  { signup, emailMaxAttempts }: Config,
  outage: string | null | undefined,
): Diagnosis {
  const { account, emails, requestedAt } = history;
  if (!account) return { code: 'unknown', signup };
  if (account.deleted_at) return { code: 'deleted', at: account.deleted_at };
  if (!account.is_active) return { code: 'inactive' };
  if (account.is_verified) return { code: 'verified' };
  const email = emails.find(({ template }) => template === 'verification');
  if (requestedAt && email?.status !== 'pending') {
    return { code: 'requested', since: requestedAt, isLate: isLate(requestedAt, history) };
  }
  if (!email) return { code: 'no-email' };
  switch (email.status) {
    case 'pending':
      return diagnosePending(email, history, emailMaxAttempts, outage);
    case 'published':
      return diagnosePublished(email, history);
    case 'held':
    case 'dead':
    case 'obsolete':
      return { code: email.status, email };
  }
}

/** Due for longer than this, an email is late: a relay takes milliseconds, and looks every two seconds at least. */
const latePatience = 10_000;
/** A relay that published within this time is at work. */
const atWork = 60_000;

function diagnosePending(
  email: EmailDetails,
  history: AccountHistory,
  maxAttempts: number,
  outage: string | null | undefined,
): Diagnosis {
  const { now, lastPublishedAt, due, pause } = history;
  if (email.leased) return { code: 'publishing', email };
  if (pause) return { code: 'paused', email, pause };
  const isDue = email.next_attempt_at <= now;
  if (email.attempts > 0) return { code: 'retrying', email, isDue, maxAttempts };
  if (outage) return { code: 'outage', email, error: outage };
  if (!isLate(email.due_at, history)) return { code: 'due', email };
  if (lastPublishedAt && now.getTime() - lastPublishedAt.getTime() < atWork) {
    return { code: 'relay-behind', email, due };
  }
  return { code: 'relay-stopped', email, publisherAnswers: outage === undefined ? undefined : true };
}

function isLate(since: Date, { now }: AccountHistory): boolean {
  return now.getTime() - since.getTime() >= latePatience;
}

function diagnosePublished(email: EmailDetails, { links, now }: AccountHistory): Diagnosis {
  const live = links.find(({ expires_at }) => expires_at > now);
  if (live) return { code: 'published', email, linkExpiresAt: live.expires_at };
  return { code: links[0] && isRevoked(links[0]) ? 'link-revoked' : 'link-expired', email };
}

function newestLink({ account, links: [newest], now }: AccountHistory): Explanation['newestLink'] {
  if (!newest || !account || account.is_verified) return null;
  const { expires_at: expiresAt } = newest;
  if (isRevoked(newest)) return { state: 'revoked', expiresAt };
  if (expiresAt <= now) return { state: 'expired', expiresAt };
  return { state: account.is_active && !account.deleted_at ? 'works' : 'not-valid', expiresAt };
}

/** As `revokeAllTokens` leaves it. No link is issued with a life of nothing. */
function isRevoked({ created_at, expires_at }: IssuedLink): boolean {
  return expires_at <= created_at;
}
