import { expect } from 'chai';
import { parseMailFrom } from '../../../src/publishers/smtp/mail-from.js';

describe('the sender of mails', () => {
  it('is an address, alone or with a name in any script', () => {
    expect(parseMailFrom('no-reply@example.com')).to.deep.equal({
      name: '',
      address: 'no-reply@example.com',
    });
    expect(parseMailFrom(' <no-reply@example.com> ')).to.deep.equal({
      name: '',
      address: 'no-reply@example.com',
    });
    expect(parseMailFrom('Émile & 会議 <a.b+c@mail.example.com>')).to.deep.equal({
      name: 'Émile & 会議',
      address: 'a.b+c@mail.example.com',
    });
    expect(parseMailFrom('"Example, Inc." <hello@example.com>')?.name).to.equal('Example, Inc.');
    expect(parseMailFrom('root@mailer')?.address).to.equal('root@mailer');
  });

  it('is nothing else', () => {
    for (const text of [
      ...[
        '',
        'example.com',
        'a@',
        '@b.c',
        'a@b@c',
        'a b@c.d',
        'a@b.c, d@e.f',
        'X <a@b.c>, Y <d@e.f>',
        '<a@b.c',
        'a@b.c>',
      ],
      ...[
        'a@b.c\r\nBcc: d@e.f',
        'X\n <a@b.c>',
        'X\u2028Y <a@b.c>',
        'X\ud83d <a@b.c>',
        'ä@b.c',
        'a@bücher.example',
        `a@${'b'.repeat(300)}.c`,
        'a@-b.c',
      ],
    ]) {
      expect(parseMailFrom(text), JSON.stringify(text)).to.equal(null);
    }
  });
});
