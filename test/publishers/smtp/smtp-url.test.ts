import { expect } from 'chai';
import { parseSmtpUrl } from '../../../src/publishers/smtp/smtp-url.js';

function server(text: string) {
  const url = parseSmtpUrl(text);
  if (!url.ok) throw new Error(url.message);
  return url.server;
}

describe('an SMTP URL', () => {
  it('wants TLS of every server but this machine', () => {
    expect(server('smtp://mail.example.com').tls).to.equal('required');
    expect(server('smtp://10.0.0.7:25').tls).to.equal('required');
    expect(server('smtps://mail.example.com').tls).to.equal('implicit');
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'smtp.localhost']) {
      expect(server(`smtp://${host}:1025`).tls, host).to.equal('offered');
    }
    for (const host of ['localhost.example.com', '128.0.0.1', 'notlocalhost']) {
      expect(server(`smtp://${host}`).tls, host).to.equal('required');
    }
  });

  it('goes without TLS only where it says so', () => {
    expect(server('smtp://mailpit:1025?tls=off').tls).to.equal('off');
  });

  it('has the ports of submission by default', () => {
    expect(server('smtp://mail.example.com')).to.include({
      host: 'mail.example.com',
      port: 587,
      connections: 5,
    });
    expect(server('smtps://mail.example.com').port).to.equal(465);
    expect(server('smtps://mail.example.com:2465?connections=20')).to.include({
      port: 2465,
      connections: 20,
    });
    expect(server('smtp://[2001:db8::1]:25').host).to.equal('2001:db8::1');
  });

  it('takes user and password percent-encoded', () => {
    expect(server('smtps://me%40example.com:p%3Ass%2Fword@mail.example.com').auth).to.deep.equal({
      user: 'me@example.com',
      pass: 'p:ss/word',
    });
    expect(server('smtp://mail.example.com').auth).to.equal(undefined);
  });

  it('says what is wrong, and nothing of the URL', () => {
    for (const text of [
      ...['', 'mail.example.com', 'http://mail.example.com', 'smtp://', 'smtp:mail', 'smtp://:25'],
      ...[
        'smtp://h/path',
        'smtp://h#x',
        'smtp://a:%zz@h',
        'smtp://:secret@h',
        'smtp://h?tls=of',
        'smtp://h?tls=on',
      ],
      ...['smtps://h?tls=off', 'smtp://h?secure=false', 'smtp://h?connections=0', 'smtp://h?connections=1e9'],
      ...['smtp://h:99999'],
    ]) {
      const url = parseSmtpUrl(text);
      expect(url.ok, text).to.equal(false);
      if (url.ok) continue;
      expect(url.message).to.match(/^(must|has|may|is) /);
      expect(url.message).not.to.include('secret');
    }
  });
});
