import { expect } from 'chai';
import { hostname, networkInterfaces } from 'node:os';
import { isOwnName } from '../../src/dev/own-names.js';

describe('the names that dev answers to', () => {
  const loopback = [
    'localhost',
    'localhost:3000',
    'LocalHost',
    'localhost.',
    'localhost.:3000',
    '127.0.0.1:1',
    '127.1',
  ];
  const ipv6 = ['[::1]', '[::1]:3000', '[0:0:0:0:0:0:0:1]'];

  for (const host of [...loopback, ...ipv6]) {
    it(`are this machine's: ${host}`, () => expect(isOwnName(host, '127.0.0.1')).to.equal(true));
  }

  for (const host of [
    undefined,
    '',
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evil.localhost',
    'localhost@evil.example',
    'evil@localhost',
    'localhost/evil',
    'localhost, evil.example',
    'localhost:port',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    '[::2]',
    '192.0.2.1',
    hostname() === 'localhost' ? 'another' : hostname(),
  ]) {
    it(`are none of others: ${host}`, () => expect(isOwnName(host, '127.0.0.1')).to.equal(false));
  }

  it('are those that it was told to listen on', () => {
    expect(isOwnName('dev.example:3000', 'Dev.Example')).to.equal(true);
    expect(isOwnName('[FD00::1]:3000', 'fd00:0::1')).to.equal(true);
    expect(isOwnName('dev.example', '127.0.0.1')).to.equal(false);
  });

  it('are all of this machine where it listens everywhere, and still no others', () => {
    for (const everywhere of ['0.0.0.0', '::']) {
      const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
      for (const { address, family } of addresses) {
        if (address.includes('%')) continue;
        expect(isOwnName(family === 'IPv6' ? `[${address}]` : address, everywhere), address).to.equal(true);
      }
      expect(isOwnName(`${hostname()}:3000`, everywhere)).to.equal(true);
      expect(isOwnName('evil.example', everywhere)).to.equal(false);
    }
  });
});
