import { createHash, createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { newToken } from '../../src/verification/token-value.js';
import { hashToken, parseTokenValue, tokenValue } from '../../src/verification/token-value.js';
import { inTime } from '../support/in-time.js';

const secret = 'a secret of the tests, 32 characters and more';

describe('tokenValue', () => {
  // Links that are on their way must survive an upgrade: this may never change. The digest is OpenSSL's, of
  // printf 'verification-token:00000000-0000-4000-8000-000000000000' | openssl dgst -sha256 -hmac "$secret"
  // 865d69f3a4a053d6de041a36517e8d0a…: its 5 becomes the version 8, and of its de the two top bits 10: 9e.
  it('gives the value that it always gave', () => {
    expect(tokenValue(secret, '00000000-0000-4000-8000-000000000000')).to.equal(
      '865d69f3-a4a0-83d6-9e04-1a36517e8d0a',
    );
  });

  it('is a UUID of version 8 and of the RFC 9562 variant, whatever it is derived from', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 32 }), fc.uuid(), (anySecret, id) => {
        expect(tokenValue(anySecret, id)).to.match(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('keeps 122 bits of the derivation: everything but version and variant', () => {
    const id = randomUUID();
    const digest = createHmac('sha256', secret).update(`verification-token:${id}`).digest();
    const value = Buffer.from(tokenValue(secret, id).replaceAll('-', ''), 'hex');
    const mask = Buffer.alloc(16, 0xff);
    mask[6] = 0x0f;
    mask[8] = 0x3f;
    for (const [index, bits] of mask.entries()) expect(value[index]! & bits).to.equal(digest[index]! & bits);
  });

  it('differs with the secret and with the row', () => {
    const id = randomUUID();
    const values = [tokenValue(secret, id), tokenValue(`${secret}!`, id), tokenValue(secret, randomUUID())];
    expect(new Set(values).size).to.equal(3);
    expect(tokenValue(secret, id)).to.equal(values[0]);
  });
});

describe('newToken', () => {
  it('stores the SHA-256 of the value, and not the value', () => {
    const { id, hash } = newToken(secret);
    expect(hash.equals(createHash('sha256').update(tokenValue(secret, id)).digest())).to.equal(true);
    expect(newToken(secret).id).not.to.equal(id);
  });
});

describe('parseTokenValue', () => {
  it('reads a value in capitals as the same one', () => {
    const value = tokenValue(secret, randomUUID());
    expect(parseTokenValue(value)).to.equal(value);
    expect(parseTokenValue(value.toUpperCase())).to.equal(value);
    expect(hashToken(parseTokenValue(value.toUpperCase())!).equals(hashToken(value))).to.equal(true);
  });

  const value = tokenValue(secret, '00000000-0000-4000-8000-000000000000');
  const other = tokenValue(secret, randomUUID());

  for (const [what, text] of [
    ['a full stop', `${value}.`],
    ['angle brackets', `<${value}>`],
    ['a bracket', `${value})`],
    ['quotes', `"${value}"`],
    ['typographic quotes', `“${value}”`],
    ['white space', ` \t${value}\r\n`],
    ['invisible characters', `\ufeff${value}\u200b\u200f`],
    ['the next sentence', `${value} and`],
    ['the word before', `dead ${value}`],
    ['the entity of an ampersand', `${value}&amp;utm_source=mail`],
    ['the = of quoted-printable', `3D${value}`],
    ['all of it', `=3D${value}`],
    ['the whole link', `https://app.example.com/verify-email?token=${value}#top`],
    ['another UUID that is none of ours', `${value} ${randomUUID()}`],
    ['itself', `${value} <${value}>`],
    ['percent-encoded brackets', `%3C${value}%3E`],
    ['a percent that begins nothing', `${value}%`],
    ['NUL', `${value}%00\0`],
  ] as const) {
    it(`finds it beside ${what}`, () => expect(parseTokenValue(text)).to.equal(value));
  }

  for (let at = 1; at < value.length; at++) {
    it(`finds it broken after ${at} characters`, () => {
      for (const gap of ['=\r\n', '=\n', '=', '\r\n ', '%0D%0A', ' ', '\u00ad', '\u200b']) {
        expect(parseTokenValue(value.slice(0, at) + gap + value.slice(at)), gap).to.equal(value);
      }
    });
  }

  it('finds it percent-encoded once or twice, and with another hyphen', () => {
    for (const hyphen of ['%2D', '%2d', '%252D', '\u2010', '\u2011']) {
      expect(parseTokenValue(value.replaceAll('-', hyphen)), hyphen).to.equal(value);
    }
  });

  for (const [what, text] of [
    ['a UUID of version 4', randomUUID()],
    ['a UUID of the wrong variant', value.replace(/^(.{19})./, '$1c')],
    ['a digit more at its end', `${value}0`],
    ['a digit more at its start', `0${value}`],
    ['a digit less', value.slice(0, -1)],
    ['no hyphens', value.replaceAll('-', '')],
    ['another letter in it', value.replace(/^.{3}/, '$&g')],
    ['two different ones', `${value} ${other}`],
    ['nothing', ''],
    ['an array of it', [value]],
    ['an object', { value }],
    ['undefined', undefined],
  ] as const) {
    it(`refuses ${what}`, () => expect(parseTokenValue(text)).to.equal(null));
  }

  it('takes no longer for a text that is made to be long', async () => {
    for (const text of [
      'a '.repeat(16_000),
      `a${' '.repeat(32_000)}`,
      'abcdefab-'.repeat(3_600),
      `%${'25'.repeat(16_000)}`,
      'a=\n'.repeat(10_000),
      `abcdefab-abcd-8abc-8abc-${' '.repeat(50)}`.repeat(400),
    ]) {
      expect(await inTime(50, () => parseTokenValue(text), text.slice(0, 12))).to.equal(null);
    }
  });
});
