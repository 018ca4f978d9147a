import { expect } from 'chai';
import { parseBrand, type Brand } from '../src/brand.js';
import { InvalidOptionsError } from '../src/errors.js';

describe('parseBrand', () => {
  it('has a name and a colour, and nothing else, where the host says nothing', () => {
    expect(parseBrand()).to.deep.equal({ name: 'FluentMeet', colour: '#2f4fc6' });
  });

  it('takes all that a host can say, colours in one form', () => {
    const brand: Brand = {
      name: ' Acme ',
      colour: '#FA0',
      logo: 'https://acme.example/logo.png',
      favicon: 'https://acme.example/favicon.ico',
      supportUrl: 'mailto:help@acme.example',
      loginUrl: 'http://localhost:3000/login',
      signupUrl: 'https://acme.example/join',
      termsUrl: 'https://acme.example/terms',
      termsVersion: '2026-03',
      privacyUrl: 'https://acme.example/privacy',
      afterVerification: 'https://acme.example/welcome?from=mail',
    };
    expect(parseBrand(brand)).to.deep.equal({ ...brand, name: 'Acme', colour: '#ffaa00' });
    expect(parseBrand({ supportUrl: 'https://acme.example/help' }).supportUrl).to.equal(
      'https://acme.example/help',
    );
  });

  it('takes an address of help with a query, and one that is percent-encoded', () => {
    for (const supportUrl of [
      'mailto:help@acme.example?subject=Sign%20up',
      'mailto:help%2Bsignup@acme.example',
    ]) {
      expect(parseBrand({ supportUrl }).supportUrl).to.equal(supportUrl);
    }
  });

  it('names what is no part of it, and the one that was likely meant', () => {
    expect(() => parseBrand({ color: '#fff' } as Brand)).to.throw(
      InvalidOptionsError,
      'there is no option color (did you mean colour?)',
    );
  });

  const refused: [keyof Brand, string][] = [
    ['name', ''],
    ['name', 'Acme\nBcc: all@example.com'],
    ['name', 'Acme \u202Emca'],
    ['name', 'x'.repeat(61)],
    ['name', 'Acme \ud83d'],
    ['colour', 'red'],
    ['colour', '#12345'],
    ['colour', '#fff;}'],
    ['logo', 'logo.png'],
    ['logo', 'data:image/png;base64,AAAA'],
    ['supportUrl', 'javascript:alert(1)'],
    ['supportUrl', 'mailto:nobody'],
    ['supportUrl', 'mailto:a@b?bcc=c@d "x"'],
    ['supportUrl', 'mailto:a@example.com,b@example.com'],
    ['supportUrl', 'mailto:a%40example.com%2Cb%40example.com'],
    ['supportUrl', 'mailto:a%0d%0aBcc:b@example.com'],
    ['supportUrl', 'mailto:%zz@example.com'],
    ['supportUrl', 'mailto:?to=a@example.com'],
    ['loginUrl', 'javascript:alert(1)'],
    ['loginUrl', 'https://user:secret@acme.example'],
    ['termsVersion', '1'],
    ['termsVersion', 'one line\nand another'],
  ];
  for (const [field, value] of refused) {
    it(`refuses the ${field} ${JSON.stringify(value).slice(0, 40)}, by its name and without its value`, () => {
      try {
        parseBrand({ [field]: value });
        expect.fail('was taken');
      } catch (error) {
        expect(error).to.be.instanceOf(InvalidOptionsError);
        const { details, message } = error as InvalidOptionsError;
        expect(new Set(details.map(({ field: named }) => named))).to.deep.equal(new Set([`brand.${field}`]));
        if (value.length > 3) expect(message).not.to.contain(value);
      }
    });
  }
});
