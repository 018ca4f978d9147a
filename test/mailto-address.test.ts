import { expect } from 'chai';
import { mailtoAddress } from '../src/mailto-address.js';

describe('mailtoAddress', () => {
  for (const [url, address] of [
    ['mailto:help@example.com', 'help@example.com'],
    ['MAILTO:help@example.com', 'help@example.com'],
    ['mailto:help@example.com?subject=Sign%20up&cc=all@example.com', 'help@example.com'],
    ['mailto:help%2Bsign-up@example.com', 'help+sign-up@example.com'],
    ['mailto:help%40example.com', 'help@example.com'],
    ['mailto:help@m%C3%BCnchen.example', 'help@münchen.example'],
  ] as const) {
    it(`is the address of ${url}, decoded and without the query`, () => {
      expect(mailtoAddress(url)).to.equal(address);
    });
  }

  for (const url of [
    'https://example.com/mailto:help@example.com',
    'mailto:',
    'mailto:?to=help@example.com',
    'mailto:nobody',
    'mailto:%zz@example.com',
    'mailto:a@example.com,b@example.com',
    'mailto:a%40example.com%2Cb%40example.com',
    'mailto:a@example.com%0D%0ABcc:%20b@example.com',
    'mailto:Help%20%3Chelp@example.com%3E',
  ]) {
    it(`is none of ${url}`, () => {
      expect(mailtoAddress(url)).to.equal(null);
    });
  }
});
