import { expect } from 'chai';
import { networkOf } from '../../src/login/network-of.js';

describe('networkOf', () => {
  for (const [client, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2300::1', '20010db8000123/56'],
    ['2001:0DB8:1:23ff:ffff::2%eth0', '20010db8000123/56'],
    ['2001:db8:1:2400::1', '20010db8000124/56'],
    ['::1', '00000000000000/56'],
    ['session 12', 'session 12'],
  ] as const) {
    it(`counts ${client} as ${network}`, () => {
      expect(networkOf(client)).to.equal(network);
    });
  }
});
