import { expect } from 'chai';
import { InvalidOptionsError } from '../../../src/errors.js';
import type { RenderEmail } from '../../../src/mail/render-email.js';
import type { OutgoingEmail } from '../../../src/outbox/publisher.js';
import { smtpPublisher } from '../../../src/publishers/smtp/index.js';
import { type PublisherUnderTest, sampleEmail, testPublisher } from '../../../src/testing/index.js';
import { createMailWriter } from '../../../src/publishers/smtp/mail-writer.js';
import { publishBy } from '../../../src/publishers/smtp/smtp-publisher.js';
import { startScriptedSmtp } from '../../support/smtp-script.js';
import { startSmtp, type TestSmtp } from '../../support/smtp.js';

async function smtpUnderTest(): Promise<PublisherUnderTest> {
  const smtp = await startSmtp({
    recipient: (address) => (address.startsWith('refused') ? { code: 550 } : undefined),
  });
  return {
    publisher: smtpPublisher({ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com' }),
    received: async () => smtp.mails.map(({ parsed }) => parsed.messageId?.slice(1).split('@')[0] ?? ''),
    refused: sampleEmail({ to: 'refused@example.com' }),
    interrupt: () => smtp.stop(),
    restore: () => smtp.start(),
    end: () => smtp.stop(),
  };
}

describe('smtpPublisher', () => {
  describe('in the conformance suite', () => testPublisher(smtpUnderTest, { describe, it }));

  let smtp: TestSmtp;
  beforeEach(async () => {
    smtp = await startSmtp();
  });
  afterEach(() => smtp.stop());

  const publish = async (
    emails: readonly OutgoingEmail[],
    more: Partial<Parameters<typeof smtpPublisher>[0]> = {},
  ) => {
    const publisher = smtpPublisher({ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com', ...more });
    try {
      return await publisher.publish(emails);
    } finally {
      await publisher.close();
    }
  };

  it('lets the greylisting of one stop nobody else', async () => {
    smtp.rules = { recipient: (address) => (address.startsWith('grey') ? { code: 451 } : undefined) };
    const emails = ['a', 'grey', 'b', 'c'].map((name) => sampleEmail({ to: `${name}@example.com` }));
    const results = await publish(emails);
    expect(results.map(({ status }) => status)).to.deep.equal([
      'published',
      'rejected',
      'published',
      'published',
    ]);
  });

  it('takes 421 to one recipient for its own failure, once others went through before it again and again', async () => {
    smtp.rules = { recipient: (address) => (address.startsWith('busy') ? { code: 421 } : undefined) };
    const publisher = smtpPublisher({
      url: `${smtp.url}?tls=off&connections=1`,
      from: 'no-reply@example.com',
    });
    const busy = sampleEmail({ to: 'busy@example.com' });
    const statuses: string[] = [];
    for (let time = 1; time <= 5; time++) {
      const other = sampleEmail({ to: `other${time}@example.com` });
      const results = await publisher.publish([busy, other]);
      statuses.push(results.map(({ status }) => status).join(' '));
    }
    await publisher.close();
    expect(statuses).to.deep.equal([
      'unavailable unavailable',
      'unavailable published',
      'unavailable published',
      'unavailable published',
      'rejected published',
    ]);
  });

  it('answers in the relay’s time also where a broken mail has to be judged, and the server greets nobody', async () => {
    let greetsNobody = false;
    const slow = await startScriptedSmtp((stage, line) => {
      if (stage === 'greeting' && greetsNobody) return 'nothing';
      return stage === 'RCPT' && line.includes('slow@') ? 'nothing' : undefined;
    });
    const writer = createMailWriter({ url: `${slow.url}?tls=off`, from: 'no-reply@example.com' });
    const limits = { longestCall: 500, lastAnswer: 1_000 };
    const publisher = publishBy(writer, limits);
    const [slowOne, other] = ['slow', 'other'].map((name) => sampleEmail({ to: `${name}@example.com` }));
    const statusOf = async (...emails: (OutgoingEmail | undefined)[]) =>
      (await publisher.publish(emails as OutgoingEmail[])).map(({ status }) => status);
    try {
      expect(await statusOf(slowOne)).to.deep.equal(['unavailable']);
      // With others accepted in between the next break is the mail's own, if the server greets.
      expect(await statusOf(other)).to.deep.equal(['published']);
      greetsNobody = true;
      const begun = performance.now();
      const [status] = await statusOf(slowOne);
      const took = performance.now() - begun;
      expect(status).to.equal('unavailable');
      expect(took).to.be.within(limits.longestCall, limits.lastAnswer + 500);
      greetsNobody = false;
      expect(await statusOf(slowOne)).to.deep.equal(['rejected']);
    } finally {
      await publisher.close();
      await slow.close();
    }
  });

  it('tries none of a batch after the server has gone', async () => {
    let asked = 0;
    smtp.rules = {
      mail: () => {
        asked += 1;
        return { code: 421 };
      },
    };
    const results = await publish(
      Array.from({ length: 40 }, () => sampleEmail()),
      { url: `${smtp.url}?tls=off&connections=2` },
    );
    expect(new Set(results.map(({ status }) => status))).to.deep.equal(new Set(['unavailable']));
    expect(asked).to.be.at.most(4);
  });

  it('names no language that is none: whoever writes to the topic may say anything', async () => {
    const publisher = smtpPublisher({ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com' });
    const email = sampleEmail();
    const results = await publisher.publish([
      { ...email, headers: { ...email.headers, language: '../../etc/passwd' } },
    ]);
    await publisher.close();
    expect(results.map(({ status }) => status)).to.deep.equal(['published']);
    expect(smtp.mails[0]?.parsed.headers.get('content-language')).to.equal('en');
    const renderEmail = () => ({ subject: 'Ours', text: 'Text', html: '<p>Text</p>' });
    await publish([{ ...email, headers: { ...email.headers, language: '../../etc/passwd' } }], {
      renderEmail,
    });
    expect(smtp.mails[1]?.parsed.headers.has('content-language')).to.equal(false);
  });

  it('names the language that the mail is written in, which may be another than the one asked for', async () => {
    const ours = { subject: 'Yetu', text: 'Text', html: '<p>Text</p>' };
    const found = async (language: string, renderEmail?: RenderEmail) => {
      await publish([sampleEmail({ language })], { renderEmail });
      return smtp.mails.at(-1)?.parsed.headers.get('content-language');
    };
    expect(await found('sw')).to.equal('en');
    expect(await found('fr-CA')).to.equal('fr');
    expect(await found('sw', () => ours), 'by a host, which may know it').to.equal('sw');
    expect(await found('sw-KE', () => ({ ...ours, language: 'sw' }))).to.equal('sw');
  });

  it('sends to the A-label form of a domain, and answers go to the one address of help', async () => {
    const brand = { supportUrl: 'mailto:help%2Bsignup@example.com?subject=Sign%20up' };
    await publish([sampleEmail({ to: 'ada@xn--mnchen-3ya.example' })], { brand });
    expect(smtp.mails[0]?.parsed.replyTo?.text).to.equal('help+signup@example.com');
    expect(smtp.mails[0]?.raw).to.match(/^To: ada@xn--mnchen-3ya\.example\r?$/m);
    expect(smtp.mails[0]?.parsed.text)
      .to.contain('ada@münchen.example')
      .and.contain('help+signup@example.com');
  });

  it('writes in the brand of the instance, its own before it, and answers go to support', async () => {
    const publisher = smtpPublisher({
      ...{ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com' },
      words: { en: { 'mail.verification.subject': 'Hello from {brand}' } },
    });
    publisher.adopt?.({
      brand: { name: 'Somebody', colour: '#000000', supportUrl: 'mailto:help@example.com' },
      words: {},
    });
    await publisher.publish([sampleEmail()]);
    await publisher.close();
    const [mail] = smtp.mails;
    expect(mail?.parsed.subject).to.equal('Hello from Somebody');
    expect(mail?.parsed.from?.text).to.equal('"Somebody" <no-reply@example.com>');
    expect(mail?.parsed.replyTo?.text).to.equal('help@example.com');
  });

  it('takes an option that is undefined for one that is not given', async () => {
    const options = { url: `${smtp.url}?tls=off`, from: 'no-reply@example.com' };
    const publisher = smtpPublisher({
      ...options,
      brand: undefined,
      words: undefined,
      renderEmail: undefined,
    });
    const renderEmail = () => ({ subject: 'Theirs', text: 'Text', html: '<p>Text</p>' });
    publisher.adopt?.({ brand: { name: 'Somebody', colour: '#000000' }, words: {}, renderEmail });
    await publisher.publish([sampleEmail()]);
    await publisher.close();
    expect(smtp.mails[0]?.parsed.from?.text).to.equal('"Somebody" <no-reply@example.com>');
    expect(smtp.mails[0]?.parsed.subject).to.equal('Theirs');
  });

  it('is refused to a second instance whose mails look otherwise, and keeps to the first', async () => {
    const publisher = smtpPublisher({ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com' });
    const acme = { brand: { name: 'Acme', colour: '#000000' }, words: {}, renderEmail: undefined };
    publisher.adopt?.(acme);
    publisher.adopt?.(structuredClone(acme));
    expect(() => publisher.adopt?.({ ...acme, brand: { name: 'Globex', colour: '#000000' } })).to.throw(
      InvalidOptionsError,
      /: publisher: was given to an instance .*: make one for each$/,
    );
    await publisher.publish([sampleEmail()]);
    await publisher.close();
    expect(smtp.mails[0]?.parsed.from?.text).to.equal('"Acme" <no-reply@example.com>');
  });

  it('is shared by instances whose difference it overrides itself', async () => {
    const brand = { name: 'Ours', colour: '#000000' };
    const publisher = smtpPublisher({ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com', brand });
    for (const name of ['Acme', 'Globex']) {
      publisher.adopt?.({ brand: { name, colour: '#000000' }, words: {}, renderEmail: undefined });
    }
    await publisher.close();
  });

  it('lets a host write the whole mail, and counts it as that email’s own when it cannot', async () => {
    const renderEmail = (email: OutgoingEmail) => {
      if (email.value.to.startsWith('bad')) throw new TypeError('geheim');
      return { subject: 'Ours', text: 'Text', html: '<p>Text</p>' };
    };
    const emails = [sampleEmail(), sampleEmail({ to: 'bad@example.com' })];
    const [good, bad] = await publish(emails, { renderEmail });
    expect(good?.status).to.equal('published');
    expect(bad).to.include({ status: 'rejected' });
    expect(bad && 'error' in bad && bad.error.message).to.equal(
      'SMTP: the mail cannot be written (TypeError)',
    );
    expect(smtp.mails[0]?.parsed.subject).to.equal('Ours');
  });

  it('sends nothing of a host’s writing that is not subject, text and HTML', async () => {
    const whole = { subject: 'Ours', text: 'Text', html: '<p>Text</p>' };
    const wrongs: [answer: unknown, missing: string][] = [
      ...[undefined, null, 7, Promise.resolve(whole)].map((answer): [unknown, string] => [answer, 'subject']),
      [Promise.reject(new Error('geheim')), 'subject'],
      [{ ...whole, subject: ' ' }, 'subject'],
      [{ ...whole, text: '' }, 'text'],
      [{ ...whole, html: undefined }, 'html'],
      [{ ...whole, html: '\n' }, 'html'],
    ];
    for (const [wrong, missing] of wrongs) {
      const [result] = await publish([sampleEmail()], { renderEmail: () => wrong as never });
      expect(result, missing).to.include({ status: 'rejected' });
      expect(result && 'error' in result && result.error.message).to.equal(
        `SMTP: renderEmail gave no ${missing}`,
      );
    }
    expect(smtp.mails).to.deep.equal([]);
  });

  it('refuses each option that is wrong by its own name, and shows none', () => {
    const right = { url: 'smtp://localhost', from: 'a@b.c' };
    const refusals: [options: object | undefined, message: RegExp][] = [
      [{ url: 'http://geheim', from: 'a@b.c' }, /: smtpPublisher\.url: must be [^;]+$/],
      [{ url: 'smtp://localhost', from: 'geheim' }, /: smtpPublisher\.from: must be an address[^;]+$/],
      [
        { url: undefined, from: undefined },
        /: smtpPublisher\.url: is missing; smtpPublisher\.from: is missing$/,
      ],
      [undefined, /: smtpPublisher\.url: is missing; smtpPublisher\.from: is missing$/],
      [{ ...right, url: 7, from: null }, /: smtpPublisher\.url: [^;]+; smtpPublisher\.from: [^;]+$/],
      [
        { ...right, brand: { colour: 'geheim', nme: 'geheim' }, words: { xx: 5 }, renderEmail: 'geheim' },
        /: smtpPublisher\.brand\.colour: [^;]+; smtpPublisher\.brand: there is no option nme \(did you mean name\?\); smtpPublisher\.words\.xx: [^;]+; smtpPublisher\.renderEmail: must be a function$/,
      ],
      [
        { ...right, words: { en: { 'mail.helo': 'geheim' } } },
        /: smtpPublisher\.words\.en\.mail\.helo: is no sentence of ours$/,
      ],
      [{ ...right, pass: 'geheim' }, /: smtpPublisher: there is no option pass$/],
    ];
    for (const [options, message] of refusals) {
      expect(() => smtpPublisher(options as never))
        .to.throw(InvalidOptionsError, message)
        .with.property('message')
        .not.contain('geheim');
    }
  });
});
