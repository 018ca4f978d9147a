import { expect } from 'chai';
import { hashIdempotencyKeys, hashKeys, parseIdempotencyKey } from '../../src/signup/idempotency-key.js';

describe('parseIdempotencyKey', () => {
  for (const [header, key] of [
    ['0123456789abcdef', '0123456789abcdef'],
    [' 0123456789abcdef\t', '0123456789abcdef'],
    ['"0123456789abcdef"', '0123456789abcdef'],
    [String.raw`"0123456789abcd\"\\"`, String.raw`0123456789abcd"\ `.trim()],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['0123456789abcde', null],
    ['"0123456789abcde"', null],
    ['x'.repeat(256), null],
    ['01234567 89abcdef', null],
    ['0123456789abcdéf', null],
    ['', null],
  ] as const) {
    it(`reads ${header.slice(0, 24)} as ${key === null ? 'none' : 'a key'}`, () => {
      expect(parseIdempotencyKey(header)).to.equal(key);
    });
  }
});

describe('hashIdempotencyKeys', () => {
  const under = (secret: string, key: string, email: string) =>
    hashIdempotencyKeys({ secret, previousSecrets: [] }, key, email)[0];

  it('depends on the secret, the key and the address, and on nothing that runs together', () => {
    const hashes = [
      under('secret', 'key-1', 'a@example.com'),
      under('other', 'key-1', 'a@example.com'),
      under('secret', 'key-1', '1a@example.com'),
      under('secret', 'key-11', 'a@example.com'),
    ].map(({ address }) => address.toString('hex'));
    expect(new Set(hashes).size).to.equal(4);
  });

  it('has those of the previous secrets after that of the present one, as the look-up of a key alone', () => {
    const secrets = { secret: 'new', previousSecrets: ['old', 'older'] };
    const hashes = hashIdempotencyKeys(secrets, 'key-1', 'a@example.com');
    expect(hashes).to.deep.equal(
      ['new', 'old', 'older'].map((secret) => under(secret, 'key-1', 'a@example.com')),
    );
    expect(hashes.map(({ key }) => key)).to.deep.equal(hashKeys(secrets, 'key-1'));
  });
});
