import { expect } from 'chai';
import { networkOf } from '../src/network-of.js';

describe('networkOf', () => {
  for (const [client, network] of [
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1\t', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:c000:201]:80', '192.0.2.1'],
    ['2001:db8:1:2300::1', '2001:db8:1:2300::/56'],
    ['[2001:db8:1:2311::9]:4711', '2001:db8:1:2300::/56'],
    ['[2001:db8:1:2311::9]', '2001:db8:1:2300::/56'],
    ['2001:0DB8:1:23ff:ffff::2%eth0', '2001:db8:1:2300::/56'],
    ['2001:db8:1:2400::1', '2001:db8:1:2400::/56'],
    ['2001:db8:1:ff::1', '2001:db8:1::/56'],
    ['1:2:3:4:5:6:7:8', '1:2:3::/56'],
    ['::1', '::/56'],
    ['[::1]:80', '::/56'],
    ['session 12', undefined],
    ['2001:db8:1:2300::/56', undefined],
    ['1.2.3.4.5:80', undefined],
    ['', undefined],
  ] as const) {
    it(`counts ${JSON.stringify(client)} as ${network ?? 'no address'}`, () => {
      expect(networkOf(client)).to.equal(network);
    });
  }
});
