import { expect } from 'chai';
import { readableEmailAddress } from '../src/readable-email-address.js';

describe('readableEmailAddress', () => {
  for (const [address, readable] of [
    ['ada@example.com', 'ada@example.com'],
    ['ada@xn--mnchen-3ya.example', 'ada@münchen.example'],
    ['ada@xn--fiqs8s', 'ada@中国'],
    // Of a message that anybody wrote.
    ['ada@exa mple', 'ada@exa mple'],
    ['ada@', 'ada@'],
  ] as const) {
    it(`writes ${address} as ${readable}`, () => {
      expect(readableEmailAddress(address)).to.equal(readable);
    });
  }
});
