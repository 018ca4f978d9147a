import { countOf } from './count-of.js';
import type { EmailDetails } from '../desk/email-details.js';
import type { Diagnosis, Explanation } from '../desk/explain-user.js';
import type { User } from '../users/user.js';

/** Plain sentences for somebody who helps this person; none holds an address or a link. */
export interface ExplanationInWords {
  summary: string;
  /** The story: the account, its links, each of its emails. */
  details: string[];
  /** What to do, most useful first. */
  advice: string[];
}

/** @param when writes a time for the reader */
export function explainInWords(explanation: Explanation, when: (time: Date) => string): ExplanationInWords {
  const { diagnosis, account, emails } = explanation;
  return {
    summary: summarize(diagnosis, when),
    details: account
      ? [
          describeAccount(account, when),
          ...describeLinks(explanation, when),
          ...describeResends(explanation, when),
          ...emails.map((email) => describeEmail(email, when)),
        ]
      : describeResends(explanation, when),
    advice: advise(diagnosis, account),
  };
}

function summarize(diagnosis: Diagnosis, when: (time: Date) => string): string {
  switch (diagnosis.code) {
    case 'unknown':
      return 'No account has this address, so no email was ever written to it.';
    case 'deleted':
      return `The account was deleted on ${when(diagnosis.at)}: it gets no emails, and its address stays taken.`;
    case 'inactive':
      return 'The account was deactivated: it gets no emails, and its links do not work.';
    case 'verified':
      return 'The address is verified: no email is missing, and the person can log in.';
    case 'no-email':
      return 'There is no verification email for this account: it was seeded or imported, or the email has been pruned.';
    case 'due':
      return 'The email is written and about to be published.';
    case 'held':
      return `${diagnosis.email.held_by === 'domain' ? 'Too many emails go to unverified addresses of its domain' : 'Too many emails were to go to this mailbox'}: the email is held, and goes out on ${when(diagnosis.email.next_attempt_at)}.`;
    case 'publishing':
      return `A relay has taken the email to publish it; if it fails to, another takes over after ${when(diagnosis.email.next_attempt_at)}.${takenBefore(diagnosis.email)}`;
    case 'paused': {
      const { reason, since, until } = diagnosis.pause;
      const end = until ? ` until ${when(until)}` : '';
      return `All relays have been paused since ${when(since)}${end}, and the email waits with all others: ${reason}.`;
    }
    case 'retrying': {
      const { email, isDue, maxAttempts } = diagnosis;
      const next = isDue ? 'has been due since' : 'is due on';
      return `The email was refused ${times(email.attempts)}. ${lastError(email)} The next attempt ${next} ${when(email.next_attempt_at)}; after ${times(maxAttempts)} it is given up.`;
    }
    case 'outage':
      return `${waits(diagnosis.email, when)}, because it cannot be published at present: ${diagnosis.error}.`;
    case 'relay-behind':
      return `${waits(diagnosis.email, when)}, with ${countOf(diagnosis.due, 'email')} due; others were published within the last minute: the relays are behind, or none runs, or none can publish, since then.`;
    case 'relay-stopped':
      return `${waits(diagnosis.email, when)}, and nothing was published lately: no relay runs, or none can publish${diagnosis.publisherAnswers ? ', though Kafka or the SMTP server answers from here' : ''}.`;
    case 'dead': {
      const { email } = diagnosis;
      return `The email could not be published: it failed ${times(email.attempts)} and was given up. ${lastError(email)}`;
    }
    case 'published':
      return `${handedOver(diagnosis.email, when)} Its link works until ${when(diagnosis.linkExpiresAt)}; it has not been used.`;
    case 'link-expired':
      return `${handedOver(diagnosis.email, when)} Its link has expired unused.`;
    case 'link-revoked':
      return `${handedOver(diagnosis.email, when)} Its link was revoked by an operator, like all others, before it was used.`;
    case 'obsolete':
      return 'The email was dropped, because at that time the account was verified or inactive.';
  }
}

function advise(diagnosis: Diagnosis, account: User | null): string[] {
  const verifyByHand = `If you know that the address is theirs: fluentmeet users verify ${account?.id}`;
  switch (diagnosis.code) {
    case 'unknown':
      return [
        ...adviseOnSignup[diagnosis.signup],
        'Ask for the exact address they signed up with: dots and +tags count.',
        'They may have chosen "this wasn\'t me", or their unverified account was purged. They can sign up again.',
      ];
    case 'deleted':
      return [
        `Nobody can sign up with this address until the account is removed for good: fluentmeet users erase ${account?.id}`,
      ];
    case 'inactive':
      return [`If that was a mistake: fluentmeet users activate ${account?.id}`];
    case 'verified':
      return [
        'If they cannot log in, the cause lies elsewhere. Any of their old links shows that they are verified.',
      ];
    case 'no-email':
    case 'obsolete':
      return [askForAnother, verifyByHand];
    case 'held':
      return [
        `It goes out by itself. To let it go now: fluentmeet emails replay ${diagnosis.email.id}`,
        diagnosis.email.held_by === 'domain'
          ? 'If the domain is an ordinary one, raise FLUENTMEET_DOMAIN_LIMIT or except the domain from it.'
          : 'An email that is asked for again has a budget of its own.',
        verifyByHand,
      ];
    case 'due':
      return ['Look again in a minute.'];
    case 'publishing':
      return [`Look again in a minute. If it stands like this still, ${readTheLog}`];
    case 'retrying':
      return [
        `Fix what the error says. To try at once: fluentmeet emails replay ${diagnosis.email.id}`,
        ...(diagnosis.isDue
          ? [`If it stands like this in a minute still, no relay runs or none can publish: ${readTheLog}`]
          : []),
      ];
    case 'paused':
      return ['It goes out by itself after: fluentmeet relay resume'];
    case 'outage':
      return [
        'Nothing is lost: it goes out by itself once that is fixed. To see what is wrong: fluentmeet doctor',
      ];
    case 'relay-behind':
      return [
        `Look again in a minute. If nothing is published still, ${readTheLog}`,
        'If they only are behind, it goes out by itself; to be quicker, start more relays: fluentmeet relay',
      ];
    case 'relay-stopped':
      return [
        'Where none runs, start the server or a relay (fluentmeet serve, fluentmeet relay); it goes out by itself then.',
        `Where one runs, ${readTheLog}`,
      ];
    case 'dead':
      return [
        `Fix what the error says, then publish it again: fluentmeet emails replay ${diagnosis.email.id}`,
        verifyByHand,
      ];
    case 'published':
      return [
        'Ask them to look in their spam folder, and whether the address is spelt right.',
        `Then search the mail service's log for the event id ${diagnosis.email.event_id}.`,
        'Where "fluentmeet mailer" sends, its log is searched as well. Nothing of this event id: the mailer is behind or away, and sends it by itself.',
        `If that log says mailer.dead, the mailer gave it up. Fix what the line says, then: fluentmeet emails replay --event-id ${diagnosis.email.event_id}`,
        `To publish it anew, with a new event id (whoever got the mail gets another one): ${replayPublished(diagnosis.email)}`,
      ];
    case 'link-expired':
    case 'link-revoked':
      return [askForAnother, `Or publish it again with a fresh link: ${replayPublished(diagnosis.email)}`];
  }
}

const readTheLog =
  'the log of the relays says why (relay.paused, with the reason), and "fluentmeet doctor" looks for it.';

const adviseOnSignup = {
  open: [],
  invite: [
    'Sign-up is by invite here: without one they cannot have signed up. To make one: fluentmeet invites create',
  ],
  closed: ['Sign-up is closed here: nobody can sign up. To register them yourself: fluentmeet register'],
};

const askForAnother =
  'Ask them to request a new link: on the page of their old one, or wherever your app offers it. Or request it for them: POST /resend-verification with their address.';

function replayPublished({ id }: EmailDetails): string {
  return `fluentmeet emails replay ${id} --status published`;
}

/** A relay that ends, or may not write what became of it, takes an email again and again. */
function takenBefore({ claims, attempts }: EmailDetails): string {
  const before = claims - attempts - 1;
  return before > 0 ? ` It was taken ${times(before)} before, and nothing came of it.` : '';
}

function waits({ due_at: since }: EmailDetails, when: (time: Date) => string): string {
  return `The email has been waiting since ${when(since)}`;
}

function handedOver({ published_at: at }: EmailDetails, when: (time: Date) => string): string {
  return `The email was handed over, to the mail service or the mailer before it, on ${when(at as Date)}.`;
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

function describeResends({ resends }: Explanation, when: (time: Date) => string): string[] {
  const { asked, sent, nextAt } = resends;
  if (asked === 0) return [];
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

function lastError({ last_error: error }: EmailDetails): string {
  return error ? `Last error: ${error.replace(/\.?$/, '.')}` : '';
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
