import { expect } from 'chai';
import { clientKey, isOwnForm } from '../../src/http/http-request.js';
import type { HttpRequest } from '../../src/http/http-request.js';

function keyOf(ip: string | undefined, remoteAddress?: string): string {
  return clientKey({ ip, socket: { remoteAddress } } as unknown as HttpRequest);
}

describe('clientKey', () => {
  it('is an IPv4 address, also written as IPv6', () => {
    for (const ip of [
      '192.0.2.7',
      '::ffff:192.0.2.7',
      '::ffff:c000:207',
      '192.0.2.7:4711',
      '[::ffff:192.0.2.7]:80',
    ]) {
      expect(keyOf(ip), ip).to.equal('192.0.2.7');
    }
  });

  it('is the /56 of an IPv6 address', () => {
    const key = keyOf('2001:db8:1:2300::1');
    for (const ip of [
      '2001:db8:1:23ff:ffff::',
      '[2001:db8:1:2311::9]:4711',
      '2001:DB8:1:2300:0:0:0:2',
      '2001:db8:1:2300::1%eth0',
    ]) {
      expect(keyOf(ip), ip).to.equal(key);
    }
    expect(keyOf('2001:db8:1:2400::1')).not.to.equal(key);
  });

  it("is the socket's address where Express names none, and one key for all where there is none", () => {
    expect(keyOf(undefined, '192.0.2.7')).to.equal('192.0.2.7');
    for (const ip of [undefined, '', 'unknown', '_hidden', `1.2.3.4.5`, 'x'.repeat(10_000)]) {
      expect(keyOf(ip)).to.equal('unknown');
    }
  });
});

describe('isOwnForm()', () => {
  const config = {
    publicUrl: 'https://app.example.com/en',
    verificationUrl: 'https://auth.example.com/verify-email',
  };
  const isOwn = (headers: Record<string, string>) =>
    isOwnForm({ headers: { host: 'internal:3000', ...headers } } as never, config);

  it('knows a page of ours at either of its origins, behind a proxy that names another', () => {
    for (const origin of ['https://app.example.com', 'https://auth.example.com', 'http://internal:3000'])
      expect(isOwn({ origin }), origin).to.equal(true);
    for (const origin of ['https://evil.example', 'http://app.example.com', 'null', ''])
      expect(isOwn({ origin }), origin).to.equal(false);
  });

  it('believes the browser before that', () => {
    const origin = 'https://app.example.com';
    expect(isOwn({ origin, 'sec-fetch-site': 'cross-site' })).to.equal(false);
    expect(isOwn({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).to.equal(true);
    expect(isOwn({})).to.equal(true);
  });
});
