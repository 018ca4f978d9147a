import { expect } from 'chai';
import { explainInWords } from '../../src/cli/explain-in-words.js';
import type { EmailDetails } from '../../src/desk/email-details.js';
import type { Diagnosis, Explanation } from '../../src/desk/explain-user.js';
import type { User } from '../../src/users/user.js';

const email: EmailDetails = {
  id: 12,
  status: 'published',
  template: 'verification',
  user_id: 7,
  to: 'ada@example.com',
  attempts: 3,
  claims: 3,
  last_error: 'Kafka: MESSAGE_TOO_LARGE',
  leased: false,
  held_by: null,
  next_attempt_at: new Date(1),
  due_at: new Date(1),
  event_id: 'the-event',
  created_at: new Date(0),
  published_at: new Date(2),
};
const account = {
  id: 7,
  is_active: true,
  is_verified: false,
  deleted_at: null,
  created_at: new Date(0),
} as User;
const explanation: Explanation = {
  diagnosis: { code: 'no-email' },
  account,
  emails: [],
  links: [],
  newestLink: null,
  linkUsedAt: null,
  resends: { asked: 0, sent: 0, nextAt: null },
};
const inWords = (own: Partial<Explanation>) =>
  explainInWords({ ...explanation, ...own }, (time) => `time ${time.getTime()}`);

const cases: [Diagnosis, RegExp, RegExp][] = [
  [{ code: 'unknown', signup: 'open' }, /No account has this address/, /exact address/],
  [{ code: 'unknown', signup: 'invite' }, /No account/, /by invite here.*fluentmeet invites create/],
  [{ code: 'unknown', signup: 'closed' }, /No account/, /closed here.*fluentmeet register/],
  [
    { code: 'held', email },
    /mailbox: the email is held, and goes out on time/,
    /emails replay 12[^]*budget of its own/,
  ],
  [
    { code: 'held', email: { ...email, held_by: 'domain' } },
    /of its domain: the email is held, and goes out on time/,
    /fluentmeet emails replay 12/,
  ],
  [{ code: 'deleted', at: new Date(5) }, /deleted on time 5.*stays taken/, /fluentmeet users erase 7/],
  [{ code: 'inactive' }, /deactivated/, /fluentmeet users activate 7/],
  [{ code: 'verified' }, /no email is missing/, /elsewhere/],
  [{ code: 'no-email' }, /seeded or imported/, /POST \/resend-verification[^]*fluentmeet users verify 7/],
  [{ code: 'due', email }, /about to be published/, /in a minute/],
  [{ code: 'publishing', email }, /to publish it; if it fails to.*after time 1\.$/, /relay\.away.*doctor/],
  [
    { code: 'publishing', email: { ...email, claims: 6 } },
    /It was taken 2 times before, and nothing came of it\.$/,
    /relay\.away.*doctor/,
  ],
  [
    { code: 'retrying', email, isDue: false, maxAttempts: 7 },
    /refused 3 times\. Last error: Kafka: MESSAGE_TOO_LARGE\. The next attempt is due on time 1; after 7 times/,
    /fluentmeet emails replay 12/,
  ],
  [
    { code: 'retrying', email, isDue: true, maxAttempts: 7 },
    /has been due since time 1/,
    /fluentmeet emails replay 12[^]*relay\.away/,
  ],
  // From the database nobody can tell a relay that is behind from one that has just stopped or cannot publish.
  [
    { code: 'relay-behind', email, due: 1 },
    /since time 1.*1 email due.*behind, or none runs, or none can publish/,
    /relay\.away.*doctor[^]*more relays/,
  ],
  [
    { code: 'requested', since: new Date(0), isLate: false },
    /a relay writes it within seconds/,
    /in a minute/,
  ],
  [
    { code: 'requested', since: new Date(0), isLate: true },
    /on time 0, and no relay has written it since/,
    /fluentmeet serve[^]*Where one runs, .*relay\.away/,
  ],
  [
    { code: 'relay-stopped', email, publisherAnswers: true },
    /no relay runs, or none can publish, though .* answers from here\.$/,
    /fluentmeet serve[^]*Where one runs, .*relay\.away/,
  ],
  [
    { code: 'relay-stopped', email, publisherAnswers: undefined },
    /no relay runs, or none can publish\.$/,
    /fluentmeet doctor/,
  ],
  [{ code: 'outage', email, error: 'no broker' }, /at present: no broker\./, /Nothing is lost/],
  [{ code: 'dead', email }, /failed 3 times and was given up\. Last error: .*LARGE\./, /emails replay 12$/m],
  [
    { code: 'published', email, linkExpiresAt: new Date(9) },
    /mailer before it, on time 2.*until time 9/,
    /^See "fluentmeet doctor" first[^]*event id the-event\.[^]*mailer\.deferred[^]*mailer\.dead[^]*emails replay --event-id the-event$[^]*gets another one/m,
  ],
  [{ code: 'link-expired', email }, /expired unused/, /emails replay 12 --status published/],
  [{ code: 'link-revoked', email }, /was revoked by an operator/, /request a new link/],
  [{ code: 'obsolete', email }, /was dropped/, /fluentmeet users verify 7/],
];

describe('explainInWords', () => {
  for (const [diagnosis, summary, advice] of cases) {
    it(`has a sentence and advice for ${Object.values(diagnosis)
      .filter((value) => typeof value === 'string')
      .join(', ')}`, () => {
      const words = inWords({
        diagnosis,
        account: diagnosis.code === 'unknown' ? null : account,
        emails: [email],
      });
      expect(words.summary).to.match(summary);
      expect(words.advice.join('\n')).to.match(advice);
      const text = [words.summary, ...words.details, ...words.advice].join('\n');
      expect(text).not.to.contain('@').and.not.to.contain('undefined');
    });
  }

  it('tells the story of account, links and emails, with times as the reader wants them', () => {
    const newestLink = { state: 'works' as const, expiresAt: new Date(9) };
    expect(inWords({ emails: [email], newestLink }).details).to.deep.equal([
      'Account 7 signed up on time 0. It is active and not verified.',
      'The newest link works until time 9; none was used.',
      'Email 12 (verification) was written on time 0 and is published since time 2. It failed 3 times. Last error: Kafka: MESSAGE_TOO_LARGE.',
    ]);
  });

  it('says of links what is true of the account', () => {
    const link = (state: NonNullable<Explanation['newestLink']>['state']) =>
      inWords({ newestLink: { state, expiresAt: new Date(9) } }).details[1];
    expect(link('expired')).to.match(/expired on time 9/);
    expect(link('revoked')).to.match(/revoked by an operator/);
    expect(link('not-valid')).to.match(/No link of it works while the account is inactive/);
    expect(inWords({ linkUsedAt: new Date(3) }).details[1]).to.equal('A link was used on time 3.');
  });

  it('tells of emails that were asked for again, and when the next one is possible', () => {
    const { details } = inWords({ resends: { asked: 3, sent: 1, nextAt: new Date(8) } });
    expect(details[1]).to.equal(
      'Within a day an email was asked for again 3 times and sent once; the next one is possible from time 8.',
    );
    const unknown = inWords({ account: null, resends: { asked: 1, sent: 1, nextAt: new Date(8) } });
    expect(unknown.details, 'a place in the budget is no mail').to.deep.equal([
      'Within a day an email was asked for again once. One goes out only to an active account that is not verified.',
    ]);
  });
});
