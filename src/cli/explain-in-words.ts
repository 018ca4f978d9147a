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
      return `A relay is publishing the email just now; if it fails to, another takes over after ${when(diagnosis.email.next_attempt_at)}.`;
    case 'paused': {
      const { reason, since, until } = diagnosis.pause;
      const end = until ? ` until ${when(until)}` : '';
      return `All relays have been paused since ${when(since)}${end}, and the email waits with all others: ${reason}.`;
    }
    case 'retrying': {
      const { email, isDue, maxAttempts } = diagnosis;
      const next = isDue ? 'now' : `on ${when(email.next_attempt_at)}`;
      return `The email was refused ${times(email.attempts)}. ${lastError(email)} The next attempt is due ${next}; after ${times(maxAttempts)} it is given up.`;
    }
    case 'outage':
      return `${waits(diagnosis.email, when)}, because it cannot be published at present: ${diagnosis.error}.`;
    case 'relay-behind':
      return `${waits(diagnosis.email, when)}: the relay is at work but behind, with ${countOf(diagnosis.due, 'email')} due.`;
    case 'relay-stopped': {
      const doubt = diagnosis.publisherAnswers ? '' : ', or it cannot reach Kafka';
      return `${waits(diagnosis.email, when)}, and nothing was published lately: no relay seems to be running${doubt}.`;
    }
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
    case 'publishing':
      return ['Look again in a minute.'];
    case 'retrying':
      return [`Fix what the error says. To try at once: fluentmeet emails replay ${diagnosis.email.id}`];
    case 'paused':
      return ['It goes out by itself after: fluentmeet relay resume'];
    case 'outage':
      return [
        'Nothing is lost: it goes out by itself once that is fixed. To see what is wrong: fluentmeet doctor',
      ];
    case 'relay-behind':
      return ['It goes out by itself. If that takes too long, start more relays: fluentmeet relay'];
    case 'relay-stopped':
      return [
        'Start the server or a relay (fluentmeet serve, fluentmeet relay); it goes out by itself then.',
        'To see what is wrong: fluentmeet doctor',
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
        `To publish it once more: ${replayPublished(diagnosis.email)}`,
      ];
    case 'link-expired':
    case 'link-revoked':
      return [askForAnother, `Or publish it again with a fresh link: ${replayPublished(diagnosis.email)}`];
  }
}

const adviseOnSignup = {
  open: [],
  invite: [
    'Sign-up is by invite here: without one they cannot have signed up. To make one: fluentmeet invites create',
  ],
  closed: ['Sign-up is closed here: nobody can sign up. To register them yourself: fluentmeet register'],
};

const askForAnother =
  'Ask them to request a new link: on the page of their old one, or wherever your app offers it.';

function replayPublished({ id }: EmailDetails): string {
  return `fluentmeet emails replay ${id} --status published`;
}

function waits({ next_attempt_at: since }: EmailDetails, when: (time: Date) => string): string {
  return `The email has been waiting since ${when(since)}`;
}

function handedOver({ published_at: at }: EmailDetails, when: (time: Date) => string): string {
  return `The email was handed over to the mail service on ${when(at as Date)}.`;
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
  const sentences = [];
  if (linkUsedAt) sentences.push(`A link was used on ${when(linkUsedAt)}.`);
  else if (newestLink) {
    const { state, expiresAt } = newestLink;
    const inactive = account?.deleted_at ? 'deleted' : 'inactive';
    sentences.push(
      {
        works: `The newest link works until ${when(expiresAt)}; none was used.`,
        expired: `The newest link expired on ${when(expiresAt)}; none was used.`,
        revoked: 'The newest link was revoked by an operator; none was used.',
        'not-valid': `No link of it works while the account is ${inactive}; none was used.`,
      }[state],
    );
  }
  return sentences;
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
  return leased ? 'being published' : `pending, due on ${when(next_attempt_at)}`;
}

function lastError({ last_error: error }: EmailDetails): string {
  return error ? `Last error: ${error.replace(/\.?$/, '.')}` : '';
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
