import { expect } from 'chai';
import fc from 'fast-check';
import { faultMessages } from '../../src/faults.js';
import { canonicalEmailAddress } from '../../src/users/email-address.js';
import { inTime } from '../support/in-time.js';

const label63 = 'd'.repeat(63);
/** A domain of exactly `length` characters, of labels that are all allowed. */
const domainOf = (length: number) => `${`${label63}.`.repeat(4).slice(0, length - 2)}.x`.replace('..', '.d');

describe('canonicalEmailAddress', () => {
  const accepted: [string, string, string][] = [
    ['a plain address', 'user@example.com', 'user@example.com'],
    ['capitals', 'Ada.Lovelace@Example.COM', 'ada.lovelace@example.com'],
    ['surrounding white space', ' \t\u00a0user@example.com\r\n', 'user@example.com'],
    ['dots and tags', 'a.d.a+news@gmail.com', 'a.d.a+news@gmail.com'],
    ['every atext character', "!#$%&'*+-/=?^_`{|}~@x.io", "!#$%&'*+-/=?^_`{|}~@x.io"],
    ['what zod refuses', 'a!b@x.io', 'a!b@x.io'],
    ['a local part of 64', `${'a'.repeat(64)}@x.io`, `${'a'.repeat(64)}@x.io`],
    ['a label of 63', `a@${label63}.io`, `a@${label63}.io`],
    ['254 in all', `a@${domainOf(252)}`, `a@${domainOf(252)}`],
    ['labels of one character', 'a@b.c', 'a@b.c'],
    ['labels of digits before the last', 'a@163.com', 'a@163.com'],
    ['double hyphens inside', 'a@r3---sn.example.com', 'a@r3---sn.example.com'],
    ['an IDN', 'a@münchen.de', 'a@xn--mnchen-3ya.de'],
    ['an IDN in capitals', 'a@MÜNCHEN.DE', 'a@xn--mnchen-3ya.de'],
    ['a decomposed IDN', 'a@mu\u0308nchen.de', 'a@xn--mnchen-3ya.de'],
    ['an A-label', 'a@xn--mnchen-3ya.de', 'a@xn--mnchen-3ya.de'],
    ['an A-label in capitals', 'a@XN--MNCHEN-3YA.DE', 'a@xn--mnchen-3ya.de'],
    ['a U-label beside an A-label', 'a@é.xn--mnchen-3ya.de', 'a@xn--9ca.xn--mnchen-3ya.de'],
    ['ß, which IDNA 2008 keeps', 'a@faß.de', 'a@xn--fa-hia.de'],
    ['Japanese', 'a@例え.jp', 'a@xn--r8jz45g.jp'],
    ['Greek capitals with a last sigma', 'a@ΣΟΦΟΣ.gr', 'a@xn--0xaakcn.gr'],
    ['a dotless i in a domain, which has an A-label', 'a@ı.com', 'a@xn--cfa.com'],
    [
      'a domain with a joiner in its place',
      'a@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com',
      'a@xn--mgba3gch31f060k.com',
    ],
    [
      'white space of every kind around it',
      '\u0085\u2003\ufeffuser@example.com\u3000\u2028',
      'user@example.com',
    ],
    ['what a shell acts on, but for the first character', 'a-=+|`@x.io', 'a-=+|`@x.io'],
    ['an IDN top-level domain', 'a@пример.рф', 'a@xn--e1afmkfd.xn--p1ai'],
  ];
  for (const [what, text, address] of accepted) {
    it(`accepts ${what}`, () => expect(canonicalEmailAddress(text)).to.deep.equal({ ok: true, address }));
  }

  const refused: [string, string][] = [
    ['nothing', ''],
    ['white space alone', ' \t '],
    ['no @', 'example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'a@'],
    ['a single label', 'root@localhost'],
    ['two @', 'a@b@c.io'],
    // Look-alikes and case folding
    ['U+212A KELVIN SIGN in the local part', '\u212aate@example.com'],
    ['U+0131 dotless i in the local part', 'adm\u0131n@example.com'],
    ['U+017F long s in the local part', 'u\u017fer@example.com'],
    ['U+0130 in the local part', '\u0130da@example.com'],
    ['Cyrillic in the local part', '\u0430da@example.com'],
    ['full-width letters in the local part', '\uff41da@example.com'],
    ['a full-width @', 'ada\uff20example.com'],
    ['U+212A in the domain', 'a@\u212aelvin.com'],
    ['U+212A beside another letter in the domain', 'a@\u212aé.com'],
    ['U+017F in the domain', 'a@\u017fite.com'],
    ['U+0130 in the domain', 'a@\u0130é.com'],
    ['full-width letters in the domain', 'a@\uff45xample.com'],
    ['a ligature in the domain', 'a@\ufb01é.com'],
    ['full-width digits', 'a@\uff11\uff12\uff17.0.0.1'],
    ['U+3002 as a dot', 'a@例え\u3002jp'],
    ['U+FF0E as a dot', 'a@ex\uff0eample.com'],
    ['U+FF61 as a dot', 'a@ex\uff61ample.com'],
    ['U+2024 as a dot', 'a@é\u2024com.de'],
    ['a soft hyphen', 'a@exam\u00adple.com'],
    ['a zero-width space', 'a@exam\u200bple.com'],
    ['a zero-width joiner out of its context', 'a@a\u200db.com'],
    ['a full-width @ in the domain', 'a@é\uff20b.com'],
    // Injection
    ['a line feed inside', 'a@example.com\nBcc: b@example.com'],
    ['CR LF inside', 'a@example.com\r\nBcc: b@example.com'],
    ['CR LF in the local part', 'a\r\nb@example.com'],
    ['NUL', 'a\0@example.com'],
    ['NUL at the end', 'a@example.com\0'],
    ['DEL', 'a\u007f@example.com'],
    ['a C1 control', 'a@ex\u0085ample.com'],
    ['a line separator', 'a@example\u2028.com'],
    ['inner space', 'a b@example.com'],
    ['a tab before the domain', 'a@\texample.com'],
    // Forms that mail has and this product does not
    ['a list', 'a@example.com,b@example.com'],
    ['a list by semicolon', 'a@example.com;b@example.com'],
    ['a list by space', 'a@example.com b@example.com'],
    ['a display name', 'Ada <a@example.com>'],
    ['angle brackets', '<a@example.com>'],
    ['a quoted string', '"a b"@example.com'],
    ['a comment', 'a(comment)@example.com'],
    ['a comment in the domain', 'a@(comment)example.com'],
    ['a group', 'team:a@example.com;'],
    ['a mailto link', 'mailto:a@example.com'],
    ['a source route', '@x.io:a@example.com'],
    ['an escape', 'a\\@b@example.com'],
    ['an IPv4 literal', 'a@[127.0.0.1]'],
    ['an IPv6 literal', 'a@[IPv6:::1]'],
    ['a bare IPv4 address', 'a@127.0.0.1'],
    ['a short IPv4 address', 'a@127.1'],
    ['a hexadecimal IPv4 address', 'a@0x7f.1'],
    ['a hexadecimal last label', 'a@1.0x7f'],
    ['a last label of digits', 'a@example.123'],
    ['a port', 'a@example.com:25'],
    ['a path', 'a@example.com/x'],
    ['a path in an IDN', 'a@é.com/x'],
    ['a fragment in an IDN', 'a@é.com#x'],
    ['percent-encoding', 'a@ex%61mple.com'],
    ['percent-encoding in an IDN', 'a@é%2ecom.de'],
    ['an underscore in the domain', 'a@my_host.com'],
    ['an underscore in an IDN label', 'a@é_.com'],
    // Dots, hyphens, lengths
    ['a leading dot', '.a@example.com'],
    ['a trailing dot in the local part', 'a.@example.com'],
    ['two dots in the local part', 'a..b@example.com'],
    ['two dots in the domain', 'a@example..com'],
    ['a leading dot in the domain', 'a@.example.com'],
    ['a trailing dot', 'a@example.com.'],
    ['a trailing dot after an IDN', 'a@é.com.'],
    ['a leading hyphen', 'a@-x.com'],
    ['a trailing hyphen', 'a@x-.com'],
    ['a leading hyphen in a U-label', 'a@-é.com'],
    ['a trailing hyphen in a U-label', 'a@é-.com'],
    ['the same in its A-label', 'a@xn----9fa.com'],
    ['hyphens third and fourth in a U-label', 'a@ab--é.com'],
    ['a local part of 65', `${'a'.repeat(65)}@x.io`],
    ['a label of 64', `a@${'d'.repeat(64)}.io`],
    ['255 in all', `a@${domainOf(253)}`],
    ['an IDN label over 63 once encoded', `a@${'é'.repeat(63)}.com`],
    ['an IDN over 254 once encoded', `a@${`${'é'.repeat(50)}.`.repeat(5)}com`],
    ['a megabyte', `a@${'é'.repeat(1_000_000)}.com`],
    // A-labels that are none
    ['xn-- alone', 'a@xn--.com'],
    ['an xn-- label that does not decode', 'a@xn--zzzzzzzz.com'],
    ['an xn-- label that decodes to ASCII', 'a@xn--abc-.com'],
    ['an xn-- label with other letters', 'a@xn--é.com'],
    ['an xn-- label of a capital', 'a@xn--mnchen-3ya-.de'],
    ['a lone surrogate', 'a@\ud800.com'],
    ['an A-label with a blank in it', 'a@xn--example-lb0e.com'],
  ];
  for (const [what, text] of refused) {
    it(`refuses ${what}`, () => {
      const result = canonicalEmailAddress(text);
      expect(result.ok).to.equal(false);
      if (!result.ok) expect(faultMessages).to.have.property(result.fault);
    });
  }

  it('does not take a first character that a shell or a spreadsheet acts on', () => {
    for (const first of ['-', '=', '+', '|', '`']) {
      for (const rest of ['', 'oq/x', '1+1', 'cmd', '.a', 'id`']) {
        const result = canonicalEmailAddress(` ${first}${rest}@example.com`);
        expect(result.ok, first + rest).to.equal(false);
        if (rest !== '.a') expect(result).to.deep.equal({ ok: false, fault: 'EMAIL_BEGINS_UNSAFE' });
      }
    }
    expect(canonicalEmailAddress('@a@example.com').ok).to.equal(false);
  });

  const unseen = Array.from(
    ' \t\n\r\0\u007f\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u2000\u2007\u200b\u200c' +
      '\u200d\u200e\u200f\u2028\u202a\u202e\u202f\u205f\u2060\u2063\u2066\u2069\u206f\u2800\u3000\u3164\ufe00\ufe0f' +
      '\ufeff\uffa0\ufff9\u{1bca0}\u{1d159}\u{1d173}\u{16fe4}\u{e0001}\u{e0061}\u{e0100}',
  );
  for (const character of unseen) {
    it(`names U+${character.codePointAt(0)?.toString(16)} as what cannot be seen, wherever it stands`, () => {
      const fault = { ok: false, fault: 'EMAIL_HOLDS_INVISIBLE' };
      for (const place of [2, 5, 6, 9, 12, 14]) {
        const text = `ab.cd@example.com`;
        const broken = text.slice(0, place) + character + text.slice(place);
        expect(canonicalEmailAddress(broken), `at ${place}`).to.deep.equal(fault);
      }
      // Beside a fault that the person can see, too.
      expect(canonicalEmailAddress(`a${character}b`)).to.deep.equal(fault);
      const around = [`${character}ab@example.com`, `ab@example.com${character}`].map(canonicalEmailAddress);
      const trimmed = { ok: true, address: 'ab@example.com' };
      expect(around).to.deep.equal(/[\s\u0085]/.test(character) ? [trimmed, trimmed] : [fault, fault]);
    });
  }

  it('does not call invisible what is wrong for another reason', () => {
    for (const text of ['', 'a', 'a@b', 'a@b_c.de', '\u212aa@b.de', 'a..b@c.de', 'a@\u0430.-'])
      expect(canonicalEmailAddress(text))
        .to.have.property('fault')
        .that.does.not.equal('EMAIL_HOLDS_INVISIBLE');
  });

  it('does not repeat the text', () => {
    expect(JSON.stringify(canonicalEmailAddress('hunter2@@secret'))).not.to.match(/hunter2|secret/);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc
      .tuple(
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 5 }),
        fc.string({ unit: 'grapheme' }),
      )
      .map(([local, label]) => `${local}@${label}.com`),
    fc
      .array(
        fc.constantFrom(
          'a',
          'K',
          '\u212a',
          'é',
          'İ',
          'ß',
          'Σ',
          '.',
          '@',
          '-',
          'xn--',
          '0x',
          '1',
          ' ',
          '。',
          'א',
        ),
      )
      .map((parts) => `a@b${parts.join('')}.io`),
  );

  it('gives what it accepts a form that is stable, ASCII, in lower case and within 254', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = canonicalEmailAddress(text);
        if (!result.ok) return;
        expect(canonicalEmailAddress(result.address)).to.deep.equal(result);
        expect(result.address).to.match(/^[\x21-\x7e]{5,254}$/);
        expect(result.address).to.equal(result.address.toLowerCase());
        expect(result.address.split('@')).to.have.length(2);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays fast on a domain of more labels than an address can have', async () => {
    const text = `a@${'\u6f22.'.repeat(1_000)}com`;
    const address = await inTime(200, () =>
      Array.from({ length: 50 }, () => canonicalEmailAddress(text)).at(-1),
    );
    expect(address).to.deep.equal({ ok: false, fault: 'EMAIL_TOO_LONG' });
  });

  it('does not tell letters apart by case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        expect(canonicalEmailAddress(text.toUpperCase())).to.deep.equal(
          canonicalEmailAddress(text.toLowerCase()),
        );
      }),
    );
  });
});
