import { expect } from 'chai';
import type { PublishResult } from '../../../src/outbox/publisher.js';
import { smtpPublisher } from '../../../src/publishers/smtp/index.js';
import type { SmtpError } from '../../../src/publishers/smtp/smtp-error.js';
import { sampleEmail } from '../../../src/testing/index.js';
import { type ScriptedSmtp, type SmtpStage, startScriptedSmtp } from '../../support/smtp-script.js';

const one = sampleEmail({ to: 'ada@example.com' });
const person = 'unknown <ada@example.com>';

/** What a server says, when; what that means. */
const answers: readonly [SmtpStage, string, 'unavailable' | 'rejected', SmtpError['code']][] = [
  ['greeting', '421 busy', 'unavailable', 'busy'],
  ['greeting', '554 no mail here', 'unavailable', 'busy'],
  ['greeting', 'cut', 'unavailable', 'unreachable'],
  ['greeting', 'HTTP/1.1 400 Bad Request', 'unavailable', 'unreachable'],
  ['EHLO', '421 going down', 'unavailable', 'busy'],
  ['EHLO', '550 not you', 'unavailable', 'busy'],
  ['EHLO', 'cut', 'unavailable', 'unreachable'],
  ['AUTH', '535 wrong', 'unavailable', 'auth'],
  ['AUTH', '454 ask later', 'unavailable', 'busy'],
  ['AUTH', '421 too many', 'unavailable', 'busy'],
  ['AUTH', 'cut', 'unavailable', 'unreachable'],
  ['MAIL', '421 closing', 'unavailable', 'busy'],
  ['MAIL', '451 later', 'unavailable', 'busy'],
  ['MAIL', '550 not this sender', 'unavailable', 'sender'],
  ['MAIL', '530 log in first', 'unavailable', 'auth'],
  ['MAIL', 'cut', 'unavailable', 'unreachable'],
  ['RCPT', '421 closing', 'unavailable', 'busy'],
  ['RCPT', `450 ${person}`, 'rejected', 'deferred'],
  ['RCPT', `452 ${person}`, 'rejected', 'deferred'],
  ['RCPT', `550 ${person}`, 'rejected', 'refused'],
  ['RCPT', 'cut', 'unavailable', 'unreachable'],
  ['DATA', '421 closing', 'unavailable', 'busy'],
  ['DATA', `451 ${person}`, 'rejected', 'deferred'],
  ['DATA', `554 ${person}`, 'rejected', 'refused'],
  ['DATA', 'cut', 'unavailable', 'unreachable'],
  ['dot', '421 closing', 'unavailable', 'busy'],
  ['dot', `450 ${person}`, 'rejected', 'deferred'],
  ['dot', `550 ${person}`, 'rejected', 'refused'],
  ['dot', 'cut', 'unavailable', 'unreachable'],
];

describe('a server that fails at any moment of SMTP', () => {
  let smtp: ScriptedSmtp;
  afterEach(() => smtp.close());

  const publisherOf = (more = '') => {
    const url = smtp.url.replace('//', '//mailer:geheim@');
    return smtpPublisher({ url: `${url}?tls=off${more}`, from: 'no-reply@example.com' });
  };
  const errorOf = (result: PublishResult | undefined): SmtpError =>
    (result as { error: SmtpError } | undefined)?.error ?? expect.fail('it was published');

  for (const [stage, answer, status, code] of answers) {
    it(`takes “${answer}” at ${stage} for ${status === 'rejected' ? 'that email’s own' : 'an outage'}`, async () => {
      smtp = await startScriptedSmtp((at) => (at === stage ? answer : undefined));
      const publisher = publisherOf();
      try {
        const [result] = await publisher.publish([one]);
        expect(result?.status).to.equal(status);
        expect(errorOf(result).code).to.equal(code);
        expect(errorOf(result).message).not.to.match(/ada@|geheim/);
        // And goes on as soon as the server does.
        smtp.script = () => undefined;
        expect((await publisher.publish([sampleEmail()])).map((each) => each.status)).to.deep.equal([
          'published',
        ]);
      } finally {
        await publisher.close();
      }
    });
  }

  it('sends over a new connection where the server ends one after so many mails', async () => {
    let mails = 0;
    smtp = await startScriptedSmtp((stage) =>
      stage === 'MAIL' && ++mails % 4 === 0 ? '421 too many mails on this connection' : undefined,
    );
    const publisher = publisherOf('&connections=1');
    const results = await publisher.publish([sampleEmail(), sampleEmail(), sampleEmail(), sampleEmail()]);
    expect(results.map(({ status }) => status)).to.deep.equal(Array.from({ length: 4 }, () => 'published'));
    await publisher.close();
  });

  it('repeats a mail once, and then no faster than its own backoff, where the server takes it and never says so', async () => {
    smtp = await startScriptedSmtp((stage) => (stage === 'dot' ? 'cut' : undefined));
    const publisher = publisherOf();
    const [first] = await publisher.publish([one]);
    expect(first?.status).to.equal('unavailable');
    const [second] = await publisher.publish([one]);
    expect(second?.status).to.equal('rejected');
    expect(errorOf(second).code).to.equal('no-answer');
    expect(smtp.handedOver).to.have.length(2);
    await publisher.close();
  });

  it('spends nothing of an email on which it broke, when it is the server that is away', async () => {
    let isAway = false;
    smtp = await startScriptedSmtp((stage, line) => {
      if (isAway) return 'cut';
      return stage === 'RCPT' && line.includes('poison') ? 'cut' : undefined;
    });
    const publisher = publisherOf('&connections=1');
    const poison = sampleEmail({ to: 'poison@example.com' });
    const statuses = async (...emails: Parameters<typeof publisher.publish>[0][number][]) =>
      (await publisher.publish(emails)).map(({ status }) => status);
    expect(await statuses(poison, sampleEmail())).to.deep.equal(['unavailable', 'unavailable']);
    // Now the other one goes first.
    expect(await statuses(poison, sampleEmail())).to.deep.equal(['rejected', 'published']);
    isAway = true;
    expect(await statuses(poison)).to.deep.equal(['unavailable']);
    isAway = false;
    expect(await statuses(poison)).to.deep.equal(['rejected']);
    await publisher.close();
  });

  it('begins no mail of a slow server that it would cut off and send again', async function () {
    this.timeout(60_000);
    smtp = await startScriptedSmtp(() => undefined);
    smtp.script = (stage) => {
      if (stage !== 'dot') return undefined;
      setTimeout(() => smtp.say('250 taken at last'), 13_000);
      return 'nothing';
    };
    const publisher = publisherOf('&connections=1');
    const results = await publisher.publish(Array.from({ length: 3 }, () => sampleEmail()));
    expect(results.map(({ status }) => status)).to.deep.equal([
      ...['published', 'unavailable', 'unavailable'],
    ]);
    expect(smtp.handedOver).to.have.length(1);
    await publisher.close();
  });
});
