import { expect } from 'chai';
import { errorText } from '../../src/outbox/error-text.js';
import { tokenValue } from '../../src/verification/token-value.js';
import { inTime } from '../support/in-time.js';

describe('errorText', () => {
  const token = tokenValue('a secret of the tests, 32 characters and more', crypto.randomUUID());
  const cases: [string, string, string][] = [
    ['masks an address', '550 5.1.1 <ada@example.com>: unknown', '550 5.1.1 <a***@example.com>: unknown'],
    ['masks every address', 'a.b+c@x.io,ada@y.io', 'a***@x.io,a***@y.io'],
    [
      'takes credentials out of a URL',
      'smtp://user:pa%40ss@mail.example.com:25',
      'smtp://***@mail.example.com:25',
    ],
    ['takes a token out of a link', `https://x.io/v?token=${token}&a`, 'https://x.io/v?token=…&a'],
    ['takes a token out alone, in capitals', token.toUpperCase(), '…'],
    ['takes out one with its hyphens encoded', token.replaceAll('-', '%2D'), '…'],
    ['takes out one in quoted-printable', token.replaceAll('-', '=2D'), '…'],
    ['takes out one with other hyphens', token.replaceAll('-', '\u2010'), '…'],
    ['takes out one without hyphens', token.replaceAll('-', ''), '…'],
    ['leaves an event id', '0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['is one line without control characters', 'a\r\nb\0c\u001b[2J\u2028d', 'a b c [2J d'],
    ['leaves other text alone', 'connect ECONNREFUSED ::1:25 (é)', 'connect ECONNREFUSED ::1:25 (é)'],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => expect(errorText(text)).to.equal(expected));
  }

  it('is short enough for a table', () => {
    expect(errorText('x'.repeat(10_000))).to.have.lengthOf(500);
  });

  it('takes no longer for a hostile text', async () => {
    const texts = ['a', '@', '//', 'a@', '//a:', 'a.'.repeat(50)].map((part) => part.repeat(50_000));
    await inTime(2_000, () => texts.map(errorText));
  });
});
