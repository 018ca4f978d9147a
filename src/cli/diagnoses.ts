import type { Diagnosis } from '../desk/explain-user.js';
import type { EmailDetails } from '../desk/email-details.js';
import { countOf } from './count-of.js';

/** What a diagnosis means, and what to do, most useful first. */
export interface Told {
  summary: string;
  advice: string[];
}

interface Reader {
  when: (time: Date) => string;
  userId: number | undefined;
}

/** In the order of the help. */
const diagnoses: {
  readonly [Code in Diagnosis['code']]: (
    diagnosis: Extract<Diagnosis, { code: Code }>,
    reader: Reader,
  ) => Told;
} = {
  unknown: ({ signup }) => ({
    summary: 'No account has this address, so no email was ever written to it.',
    advice: [
      ...adviseOnSignup[signup],
      'Ask for the exact address they signed up with: dots and +tags count.',
      'They may have chosen "this wasn\'t me", or their unverified account was purged. They can sign up again.',
    ],
  }),
  deleted: ({ at }, { when, userId }) => ({
    summary: `The account was deleted on ${when(at)}: it gets no emails, and its address stays taken.`,
    advice: [
      `Nobody can sign up with this address until the account is removed for good: fluentmeet users erase ${userId}`,
    ],
  }),
  inactive: (_, { userId }) => ({
    summary: 'The account was deactivated: it gets no emails, and its links do not work.',
    advice: [`If that was a mistake: fluentmeet users activate ${userId}`],
  }),
  verified: () => ({
    summary: 'The address is verified: no email is missing, and the person can log in.',
    advice: [
      'If they cannot log in, the cause lies elsewhere. Any of their old links shows that they are verified.',
    ],
  }),
  'no-email': (_, reader) => ({
    summary:
      'There is no verification email for this account: it was seeded or imported, or the email has been pruned.',
    advice: [askForAnother, verifyByHand(reader)],
  }),
  requested: ({ since, isLate }, { when }) =>
    isLate
      ? {
          summary: `A new email was asked for on ${when(since)}, and no relay has written it since: none runs, or somebody's transaction holds the account's row.`,
          advice: startRelay,
        }
      : {
          summary: 'A new email was asked for: a relay writes it within seconds.',
          advice: ['Look again in a minute.'],
        },
  due: () => ({
    summary: 'The email is written and about to be published.',
    advice: ['Look again in a minute.'],
  }),
  held: ({ email: { id, held_by, next_attempt_at } }, reader) => {
    const isDomain = held_by === 'domain';
    const why = isDomain
      ? 'Too many emails go to unverified addresses of its domain'
      : 'Too many emails were to go to this mailbox';
    return {
      summary: `${why}: the email is held, and goes out on ${reader.when(next_attempt_at)}.`,
      advice: [
        `It goes out by itself. To let it go now: fluentmeet emails replay ${id}`,
        isDomain
          ? 'If the domain is an ordinary one, raise FLUENTMEET_DOMAIN_LIMIT or except the domain from it.'
          : 'An email that is asked for again has a budget of its own.',
        verifyByHand(reader),
      ],
    };
  },
  publishing: ({ email }, { when }) => ({
    summary: `A relay has taken the email to publish it; if it fails to, another takes over after ${when(email.next_attempt_at)}.${takenBefore(email)}`,
    advice: [`Look again in a minute. If it stands like this still, ${readTheLog}`],
  }),
  retrying: ({ email, isDue, maxAttempts }, { when }) => ({
    summary: `The email was refused ${times(email.attempts)}. ${lastError(email)} The next attempt ${isDue ? 'has been due since' : 'is due on'} ${when(email.next_attempt_at)}; after ${times(maxAttempts)} it is given up.`,
    advice: [
      `Fix what the error says. To try at once: fluentmeet emails replay ${email.id}`,
      ...(isDue
        ? [`If it stands like this in a minute still, no relay runs or none can publish: ${readTheLog}`]
        : []),
    ],
  }),
  'relay-behind': ({ email, due }, { when }) => ({
    summary: `${waits(email, when)}, with ${countOf(due, 'email')} due; others were published within the last minute: the relays are behind, or none runs, or none can publish, since then.`,
    advice: [
      `Look again in a minute. If nothing is published still, ${readTheLog}`,
      'If they only are behind, it goes out by itself; to be quicker, start more relays: fluentmeet relay',
    ],
  }),
  'relay-stopped': ({ email, publisherAnswers }, { when }) => ({
    summary: `${waits(email, when)}, and nothing was published lately: no relay runs, or none can publish${publisherAnswers ? ', though the publisher answers from here' : ''}.`,
    advice: startRelay,
  }),
  paused: ({ pause: { reason, since, until } }, { when }) => ({
    summary: `All relays have been paused since ${when(since)}${until ? ` until ${when(until)}` : ''}, and the email waits with all others: ${reason}.`,
    advice: ['It goes out by itself after: fluentmeet relay resume'],
  }),
  outage: ({ email, error }, { when }) => ({
    summary: `${waits(email, when)}, because it cannot be published at present: ${error}.`,
    advice: [
      'Nothing is lost: it goes out by itself once that is fixed. To see what is wrong: fluentmeet doctor',
    ],
  }),
  dead: ({ email }, reader) => ({
    summary: `The email could not be published: it failed ${times(email.attempts)} and was given up. ${lastError(email)}`,
    advice: [
      `Fix what the error says, then publish it again: fluentmeet emails replay ${email.id}`,
      verifyByHand(reader),
    ],
  }),
  published: ({ email, linkExpiresAt }, { when }) => ({
    summary: `${handedOver(email, when)} Its link works until ${when(linkExpiresAt)}; it has not been used.`,
    advice: [
      'See "fluentmeet doctor" first: where the SMTP server is away, or messages wait for a mailer, it comes by itself.',
      'Ask them to look in their spam folder, and whether the address is spelt right.',
      `Then search the mail service's log for the event id ${email.event_id}.`,
      'Where "fluentmeet mailer" sends, its log is searched as well. Nothing of this event id: the mailer is behind or away, and sends it by itself.',
      'If that log says mailer.deferred, the mailer tries it again by itself, for up to four hours: do not publish it anew.',
      `If that log says mailer.dead, the mailer gave it up. Fix what the line says, then: fluentmeet emails replay --event-id ${email.event_id}`,
      `To publish it anew, with a new event id (whoever got the mail gets another one): ${replayPublished(email)}`,
    ],
  }),
  'link-expired': ({ email }, { when }) => ({
    summary: `${handedOver(email, when)} Its link has expired unused.`,
    advice: withFreshLink(email),
  }),
  'link-revoked': ({ email }, { when }) => ({
    summary: `${handedOver(email, when)} Its link was revoked by an operator, like all others, before it was used.`,
    advice: withFreshLink(email),
  }),
  obsolete: (_, reader) => ({
    summary: 'The email was dropped, because at that time the account was verified or inactive.',
    advice: [askForAnother, verifyByHand(reader)],
  }),
};

export function tellDiagnosis(diagnosis: Diagnosis, reader: Reader): Told {
  const tell = diagnoses[diagnosis.code] as (diagnosis: Diagnosis, reader: Reader) => Told;
  return tell(diagnosis, reader);
}

export const diagnosisCodes = Object.keys(diagnoses) as readonly Diagnosis['code'][];

const readTheLog =
  'the log of the relays says why (relay.away, with the reason), and "fluentmeet doctor" looks for it.';

const startRelay = [
  'Where none runs, start the server or a relay (fluentmeet serve, fluentmeet relay); it goes out by itself then.',
  `Where one runs, ${readTheLog}`,
];

const adviseOnSignup = {
  open: [],
  invite: [
    'Sign-up is by invite here: without one they cannot have signed up. To make one: fluentmeet invites create',
  ],
  closed: ['Sign-up is closed here: nobody can sign up. To register them yourself: fluentmeet register'],
};

const askForAnother =
  'Ask them to request a new link: on the page of their old one, or wherever your app offers it. Or request it for them: POST /resend-verification with their address.';

function verifyByHand({ userId }: Reader): string {
  return `If you know that the address is theirs: fluentmeet users verify ${userId}`;
}

function withFreshLink(email: EmailDetails): string[] {
  return [askForAnother, `Or publish it again with a fresh link: ${replayPublished(email)}`];
}

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

export function lastError({ last_error: error }: EmailDetails): string {
  return error ? `Last error: ${error.replace(/\.?$/, '.')}` : '';
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
