import { expect } from 'chai';
import { smtpError } from '../../../src/publishers/smtp/smtp-error.js';
import { inTime } from '../../support/in-time.js';

const to = 'ada.lovelace@example.com';

function at(command: string, response: string) {
  const failure = { code: 'EENVELOPE', command, response, responseCode: Number(response.slice(0, 3)) };
  return smtpError(failure, to);
}

describe('whose failure an answer of SMTP is', () => {
  it('is the email’s own at RCPT and DATA', () => {
    expect(at('RCPT TO', '450 4.2.1 try later')).to.include({
      code: 'deferred',
      reply: 450,
      outage: false,
    });
    expect(at('RCPT TO', '550 5.1.1 no such user')).to.include({ code: 'refused', outage: false });
    expect(at('DATA', '451 greylisted').code).to.equal('deferred');
    expect(at('DATA', '554 spam').code).to.equal('refused');
  });

  it('is the server’s before, and with 421 anywhere', () => {
    expect(at('CONN', '554 no').outage).to.equal(true);
    expect(at('EHLO', '550 no').outage).to.equal(true);
    expect(at('MAIL FROM', '451 4.3.0 later')).to.include({ code: 'busy', outage: true });
    expect(at('MAIL FROM', '550 5.7.1 sender refused')).to.include({ code: 'sender', outage: true });
    for (const command of ['RCPT TO', 'DATA', 'CONN', 'MAIL FROM']) {
      expect(at(command, '421 closing').code, command).to.equal('busy');
    }
  });

  it('is the operator’s where a log-in is wanted or refused, at whichever command', () => {
    expect(
      smtpError({ code: 'EAUTH', responseCode: 535, response: '535 bad', command: 'AUTH PLAIN' }, to),
    ).to.include({
      code: 'auth',
      outage: true,
    });
    expect(at('RCPT TO', '530 5.7.0 authentication required').code).to.equal('auth');
    expect(at('MAIL FROM', '530 5.7.0 must issue STARTTLS').code).to.equal('auth');
  });

  it('tells TLS from a server that is away', () => {
    expect(smtpError({ code: 'ETLS', command: 'STARTTLS' }, to).code).to.equal('tls');
    expect(smtpError({ code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, to).code).to.equal(
      'tls',
    );
    expect(smtpError({ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, to)).to.include({
      code: 'unreachable',
      message: 'SMTP: no connection (ECONNREFUSED)',
    });
    expect(smtpError({ code: 'ETIMEDOUT' }, to).code).to.equal('silent');
    expect(smtpError('nonsense', to).outage).to.equal(true);
    expect(smtpError(undefined, to).outage).to.equal(true);
  });

  it('takes a mail that is too large, or cannot be written, for its own failure', () => {
    expect(at('MAIL FROM', '552 too big')).to.include({ code: 'refused', outage: false });
    expect(
      smtpError({ code: 'EENVELOPE', command: 'API', message: `Invalid recipient "${to}"` }, to),
    ).to.include({
      code: 'refused',
      message: 'SMTP: cannot be written as a mail',
    });
  });

  it('keeps the code and the words, and of addresses nothing', () => {
    const { message } = at(
      'RCPT TO',
      `550-5.1.1 <${to}>: Recipient rejected, ADA.LOVELACE@EXAMPLE.COM unknown\n550 5.1.1 user ada.lovelace; see https://help.example/?u=${to} \u001b[31m`,
    );
    expect(message).to.match(/^SMTP: 550 5\.1\.1 <a\*\*\*@example\.com>/);
    expect(message).not.to.match(/lovelace|help\.example/i);
    expect(message).not.to.match(/\p{Cc}/u);
    const others = [
      'bob@[10.0.0.1] is full',
      '"john doe"@example.com is full',
      "o'brien@example.com is full",
      'blocked app.example.com/verify?token=0f8fad5b-d9cb-8123-9165-70867728950e',
      'token 0f8fad5b-d9cb-8123-9165-70867728950e',
    ].map((text) => at('RCPT TO', `550 ${text}`).message);
    expect(others.join('\n')).not.to.match(/bob|john|brien|0f8fad5b/);
    expect(at('RCPT TO', `550 ${'x'.repeat(5_000)}`).message.length).to.be.below(250);
    for (const begin of ['', 'x'])
      expect(at('RCPT TO', `550 ${begin}${'😀'.repeat(5_000)}`).message).not.to.match(/\p{Surrogate}/u);
  });

  it('takes no longer for a hostile answer of one long line', async () => {
    const answers = ['x', '"', '@', '"@', 'x@', 'a.', 'http', '?token=', '<'].map((part) =>
      part.repeat(50_000),
    );
    await inTime(2_000, () => answers.map((answer) => at('RCPT TO', `550 ${answer}`)));
  });
});
