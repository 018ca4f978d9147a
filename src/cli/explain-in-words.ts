import type { EmailDetails } from '../desk/email-details.js';
import type { Explanation } from '../desk/explain-user.js';
import type { User } from '../users/user.js';
import { lastError, tellDiagnosis, times, type Told } from './diagnoses.js';

/** Plain sentences for somebody who helps this person; none holds an address or a link. */
export interface ExplanationInWords extends Told {
  /** The story: the account, its links, each of its emails. */
  details: string[];
}

/** @param when writes a time for the reader */
export function explainInWords(explanation: Explanation, when: (time: Date) => string): ExplanationInWords {
  const { diagnosis, account, emails } = explanation;
  const { summary, advice } = tellDiagnosis(diagnosis, { when, userId: account?.id });
  return {
    summary,
    details: account
      ? [
          describeAccount(account, when),
          ...describeLinks(explanation, when),
          ...describeResends(explanation, when),
          ...emails.map((email) => describeEmail(email, when)),
        ]
      : describeResends(explanation, when),
    advice,
  };
}

function describeAccount(account: User, when: (time: Date) => string): string {
  const state = [
    account.deleted_at ? 'deleted' : account.is_active ? 'active' : 'inactive',
    account.is_verified ? 'verified' : 'not verified',
  ];
  return `Account ${account.id} signed up on ${when(account.created_at)}. It is ${state.join(' and ')}.`;
}

function describeLinks(
  { newestLink, linkUsedAt, account }: Explanation,
  when: (time: Date) => string,
): string[] {
  if (linkUsedAt) return [`A link was used on ${when(linkUsedAt)}.`];
  if (!newestLink) return [];
  const { state, expiresAt } = newestLink;
  const sentence = {
    works: `The newest link works until ${when(expiresAt)}; none was used.`,
    expired: `The newest link expired on ${when(expiresAt)}; none was used.`,
    revoked: 'The newest link was revoked by an operator; none was used.',
    'not-valid': `No link of it works while the account is ${account?.deleted_at ? 'deleted' : 'inactive'}; none was used.`,
  }[state];
  return [sentence];
}

function describeResends({ account, resends }: Explanation, when: (time: Date) => string): string[] {
  const { asked, sent, nextAt } = resends;
  if (asked === 0) return [];
  // Counted alike whether or not anything went out: the counts are to tell a stranger nothing.
  if (!account?.is_active || account.is_verified || account.deleted_at) {
    return [
      `Within a day an email was asked for again ${times(asked)}. One goes out only to an active account that is not verified.`,
    ];
  }
  const next = nextAt ? `; the next one is possible from ${when(nextAt)}` : '';
  return [`Within a day an email was asked for again ${times(asked)} and sent ${times(sent)}${next}.`];
}

function describeEmail(email: EmailDetails, when: (time: Date) => string): string {
  const failed = email.attempts > 0 ? ` It failed ${times(email.attempts)}.` : '';
  const error = email.last_error ? ` ${lastError(email)}` : '';
  return `Email ${email.id} (${email.template}) was written on ${when(email.created_at)} and is ${state(email, when)}.${failed}${error}`;
}

function state(
  { status, leased, next_attempt_at, published_at }: EmailDetails,
  when: (time: Date) => string,
): string {
  if (status === 'published') return `published since ${when(published_at as Date)}`;
  if (status === 'held') return `held until ${when(next_attempt_at)}`;
  if (status !== 'pending') return status;
  return leased ? 'taken by a relay' : `pending, due on ${when(next_attempt_at)}`;
}
