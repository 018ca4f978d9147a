import { expect } from 'chai';
import { hashIdempotencyKey, hashKey, parseIdempotencyKey } from '../../src/signup/idempotency-key.js';

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

describe('hashIdempotencyKey', () => {
  it('depends on the secret, the key and the address, and on nothing that runs together', () => {
    const hashes = [
      hashIdempotencyKey('secret', 'key-1', 'a@example.com'),
      hashIdempotencyKey('other', 'key-1', 'a@example.com'),
      hashIdempotencyKey('secret', 'key-1', '1a@example.com'),
      hashIdempotencyKey('secret', 'key-11', 'a@example.com'),
    ].map(({ address }) => address.toString('hex'));
    expect(new Set(hashes).size).to.equal(4);
    expect(hashIdempotencyKey('secret', 'key-1', 'a@example.com').key).to.deep.equal(
      hashKey('secret', 'key-1'),
    );
  });
});
