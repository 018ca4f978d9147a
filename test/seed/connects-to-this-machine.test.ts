import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import { connectsToThisMachine, isOwnAddress } from '../../src/seed/connects-to-this-machine.js';

describe('connectsToThisMachine', () => {
  const connected = (address: string | undefined, host = 'db') =>
    connectsToThisMachine({
      connection: { host, connection: { stream: { remoteAddress: address } } },
    } as never);

  it('goes by the address that the socket is connected to, and not by the name of the host', () => {
    expect(connected('127.0.0.1')).to.equal(true);
    for (const address of ['203.0.113.7', '::ffff:203.0.113.7'])
      expect(connected(address, 'localhost'), address).to.equal(false);
    expect(connected('203.0.113.7', '/var/run/postgresql')).to.equal(false);
  });

  it('takes a Unix socket for one, and nothing else without an address', () => {
    expect(connected(undefined, '/var/run/postgresql')).to.equal(true);
    expect(connected(undefined, 'localhost')).to.equal(false);
    expect(connectsToThisMachine({ connection: {} } as never)).to.equal(false);
  });
});

describe('isOwnAddress', () => {
  it('takes loopback in every form that a socket shows it', () => {
    for (const own of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1', '::1%lo'])
      expect(isOwnAddress(own), own).to.equal(true);
  });

  it('takes what looks like loopback for somebody else’s', () => {
    for (const other of ['128.0.0.1', '127.example.com', '::2', '::11', '::ffff:128.0.0.1', '1.127.0.0', ''])
      expect(isOwnAddress(other), other).to.equal(false);
  });

  it('takes every address of this machine', () => {
    for (const { address } of Object.values(networkInterfaces()).flatMap((ones) => ones ?? []))
      expect(isOwnAddress(address), address).to.equal(true);
  });
});
