import { isIP } from 'node:net';

/**
 * What one client is counted by, wherever clients are counted: its IPv4 address (also where it is written as IPv6), or
 * its IPv6 /56, which is what one household or one rented server gets. Undefined for what is no address.
 */
export function networkOf(client: string): string | undefined {
  const address = bareAddress(client.trim());
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return networkOfIPv6(address);
    default:
      return undefined;
  }
}

/** Some proxies forward `192.0.2.1:4711` or `[2001:db8::1]:4711`; each connection would then be a client of its own. */
function bareAddress(ip: string): string {
  const withPort = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(ip);
  const address = withPort?.[1] ?? withPort?.[2] ?? ip;
  return address.split('%', 1)[0] as string;
}

function networkOfIPv6(address: string): string {
  const canonical = canonicalIPv6(address);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped) {
    const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16));
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  const [start = '', end = ''] = canonical.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(start).length - groups(end).length;
  const full = [...groups(start), ...Array.from({ length: missing }, () => '0'), ...groups(end)];
  const [one, two, three, four = ''] = full;
  return `${canonicalIPv6(`${one}:${two}:${three}:${four.padStart(4, '0').slice(0, 2)}00::`)}/56`;
}

/** The one spelling of the WHATWG URL standard: lower case, no leading zeros, `::` for the longest run of zeros. */
function canonicalIPv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
