import type { Context } from '../context.js';
import type { User } from '../users/user.js';
import type { AccountReference } from './account.js';
import { type AccountHistory, type IssuedLink, readAccountHistory } from './account-history.js';
import type { EmailDetails } from './email-details.js';

/** Why somebody did or did not get their mail, in a word for scripts. */
export type Diagnosis =
  | 'unknown'
  | 'deleted'
  | 'inactive'
  | 'verified'
  /** There is no verification email: seeded, imported, or pruned. */
  | 'no-email'
  | 'due'
  | 'publishing'
  | 'retrying'
  | 'relay-behind'
  | 'relay-stopped'
  /** The publisher is away. */
  | 'outage'
  | 'dead'
  | 'published'
  | 'link-expired'
  | 'obsolete';

/** Plain sentences for somebody who helps this person; none holds an address or a link. */
export interface Explanation {
  diagnosis: Diagnosis;
  summary: string;
  /** The story: the account, its links, each of its emails. */
  details: string[];
  /** What to do, most useful first. */
  advice: string[];
  account: User | null;
  emails: EmailDetails[];
  links: IssuedLink[];
}

export interface ExplainOptions {
  /** Why the publisher cannot be reached from here; null when it can; undefined when that is not known. */
  outage?: string | null | undefined;
  /** Writes a time for the reader. Default ISO 8601. */
  when?: ((time: Date) => string) | undefined;
}

/** @throws ValidationError, ServiceUnavailableError */
export async function explainUser(
  context: Context,
  reference: AccountReference,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const history = await readAccountHistory(context, reference);
  return explain(history, { ...options, maxAttempts: context.config.emailMaxAttempts });
}

interface ExplainSettings extends ExplainOptions {
  maxAttempts: number;
}

/** The explanation of a history, without a database. */
export function explain(history: AccountHistory, settings: ExplainSettings): Explanation {
  const when = settings.when ?? ((time: Date) => time.toISOString());
  const { account, emails, links } = history;
  return {
    ...diagnose(history, { ...settings, when }),
    details: account
      ? [
          describeAccount(account, when),
          ...describeLinks(history, when),
          ...emails.map((email) => describeEmail(email, when)),
        ]
      : [],
    account,
    emails,
    links,
  };
}

type Verdict = Pick<Explanation, 'diagnosis' | 'summary' | 'advice'>;
type Settled = ExplainSettings & { when: (time: Date) => string };

function diagnose(history: AccountHistory, settings: Settled): Verdict {
  const { account, emails } = history;
  if (!account) {
    return {
      diagnosis: 'unknown',
      summary: 'No account has this address, so no email was ever written to it.',
      advice: [
        'Ask for the exact address they signed up with: dots and +tags count.',
        'They may have chosen "this wasn\'t me", or their unverified account was purged. They can sign up again.',
      ],
    };
  }
  const { when } = settings;
  if (account.deleted_at) {
    return {
      diagnosis: 'deleted',
      summary: `The account was deleted on ${when(account.deleted_at)}: it gets no emails, and its address stays taken.`,
      advice: ['Nobody can sign up with this address until the account is removed for good.'],
    };
  }
  if (!account.is_active) {
    return {
      diagnosis: 'inactive',
      summary: 'The account was deactivated: it gets no emails, and its links do not work.',
      advice: [`If that was a mistake: fluentmeet users activate ${account.id}`],
    };
  }
  if (account.is_verified) {
    return {
      diagnosis: 'verified',
      summary: 'The address is verified: no email is missing, and the person can log in.',
      advice: [
        'If they cannot log in, the cause lies elsewhere. Any of their old links shows that they are verified.',
      ],
    };
  }
  const email = emails.find(({ template }) => template === 'verification');
  if (email) return diagnoseEmail(email, history, settings);
  return {
    diagnosis: 'no-email',
    summary:
      'There is no verification email for this account: it was seeded or imported, or the email has been pruned.',
    advice: [askForAnother, verifyByHand(account)],
  };
}

function diagnoseEmail(email: EmailDetails, history: AccountHistory, settings: Settled): Verdict {
  const { when } = settings;
  const account = history.account as User;
  switch (email.status) {
    case 'pending':
      return diagnosePending(email, history, settings);
    case 'dead':
      return {
        diagnosis: 'dead',
        summary: `The email could not be published: it failed ${times(email.attempts)} and was given up. ${lastError(email)}`,
        advice: [
          'Mend what the error says, then publish it again:',
          `fluentmeet emails replay ${email.id}`,
          verifyByHand(account),
        ],
      };
    case 'published': {
      const live = history.links.find(({ expires_at }) => expires_at > history.now);
      const handedOver = `The email was handed over to the mail service on ${when(email.published_at as Date)}.`;
      if (!live) {
        return {
          diagnosis: 'link-expired',
          summary: `${handedOver} Its link has expired unused.`,
          advice: [askForAnother, `Or publish it again with a fresh link: ${replayPublished(email)}`],
        };
      }
      return {
        diagnosis: 'published',
        summary: `${handedOver} Its link works until ${when(live.expires_at)}; it has not been used.`,
        advice: [
          'Ask them to look in their spam folder, and whether the address is spelt right.',
          `Then search the mail service's log for the event id ${email.event_id}.`,
          `To publish it once more: ${replayPublished(email)}`,
        ],
      };
    }
    case 'obsolete':
      return {
        diagnosis: 'obsolete',
        summary: 'The email was dropped, because at that time the account was verified or inactive.',
        advice: [askForAnother, verifyByHand(account)],
      };
  }
}

/** Due for longer than this, an email is late: a relay takes milliseconds, and looks every two seconds at least. */
const latePatience = 10_000;
/** A relay that published within this time is at work. */
const atWork = 60_000;

function diagnosePending(email: EmailDetails, history: AccountHistory, settings: Settled): Verdict {
  const { outage, maxAttempts, when } = settings;
  const { now, lastPublishedAt, due } = history;
  if (email.leased) {
    return {
      diagnosis: 'publishing',
      summary: `A relay is publishing the email just now; if it fails to, another takes over after ${when(email.next_attempt_at)}.`,
      advice: ['Look again in a minute.'],
    };
  }
  if (email.attempts > 0) {
    const next =
      email.next_attempt_at > now
        ? `The next attempt is due on ${when(email.next_attempt_at)}`
        : 'The next attempt is due now';
    return {
      diagnosis: 'retrying',
      summary: `The email was refused ${times(email.attempts)}. ${lastError(email)} ${next}; after ${times(maxAttempts)} it is given up.`,
      advice: [`Mend what the error says. To try at once: fluentmeet emails replay ${email.id}`],
    };
  }
  const late = now.getTime() - email.next_attempt_at.getTime();
  if (late < latePatience && !outage) {
    return {
      diagnosis: 'due',
      summary: 'The email is written and about to be published.',
      advice: ['Look again in a minute.'],
    };
  }
  const waits = `The email has been waiting since ${when(email.next_attempt_at)}`;
  if (outage) {
    return {
      diagnosis: 'outage',
      summary: `${waits}, because it cannot be published at present: ${outage}.`,
      advice: [
        'Nothing is lost: it goes out by itself once that is mended. To see what is wrong: fluentmeet doctor',
      ],
    };
  }
  if (lastPublishedAt && now.getTime() - lastPublishedAt.getTime() < atWork) {
    return {
      diagnosis: 'relay-behind',
      summary: `${waits}: the relay is at work but behind, with ${due} emails due.`,
      advice: ['It goes out by itself. If that takes too long, start more relays: fluentmeet relay'],
    };
  }
  return {
    diagnosis: 'relay-stopped',
    summary: `${waits}, and nothing was published lately: no relay seems to be running${
      outage === undefined ? ', or it cannot reach Kafka' : ''
    }.`,
    advice: [
      'Start the server or a relay (fluentmeet serve, fluentmeet relay); it goes out by itself then.',
      'To see what is wrong: fluentmeet doctor',
    ],
  };
}

const askForAnother =
  'Ask them to request a new link: on the page of their old one, or wherever your app offers it.';

function verifyByHand({ id }: User): string {
  return `If you know that the address is theirs: fluentmeet users verify ${id}`;
}

function replayPublished({ id }: EmailDetails): string {
  return `fluentmeet emails replay ${id} --status published`;
}

function describeAccount(account: User, when: (time: Date) => string): string {
  const state = [
    account.deleted_at ? 'deleted' : account.is_active ? 'active' : 'inactive',
    account.is_verified ? 'verified' : 'not verified',
  ];
  return `Account ${account.id} signed up on ${when(account.created_at)}. It is ${state.join(' and ')}.`;
}

function describeLinks(
  { now, account, links, emails }: AccountHistory,
  when: (time: Date) => string,
): string[] {
  const sentences = [];
  const used = links.find(({ used_at }) => used_at);
  const [newest] = links;
  if (used) sentences.push(`A link was used on ${when(used.used_at as Date)}.`);
  else if (newest && newest.expires_at > now) {
    sentences.push(`The newest link works until ${when(newest.expires_at)}; none was used.`);
  } else if (newest) sentences.push(`The newest link expired on ${when(newest.expires_at)}; none was used.`);
  const dayAgo = now.getTime() - 86_400_000;
  const asked = emails.filter(
    ({ created_at }) => created_at.getTime() > dayAgo && created_at > (account as User).created_at,
  );
  if (asked.length >= 5) {
    const oldest = asked.at(-1) as EmailDetails;
    const again = new Date(oldest.created_at.getTime() + 86_400_000);
    sentences.push(
      `They asked for ${asked.length} emails within a day, which is the limit: further requests are ignored until ${when(again)}.`,
    );
  }
  return sentences;
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
  if (status !== 'pending') return status;
  return leased ? 'being published' : `pending, due on ${when(next_attempt_at)}`;
}

function lastError({ last_error: error }: EmailDetails): string {
  return error ? `Last error: ${error.replace(/\.?$/, '.')}` : '';
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
