import { isIPv6 } from 'node:net';

/**
 * What one client is counted by: an IPv6 address by its first 56 bits, which is what one household or one rented server
 * gets; IPv4 written as IPv6 as IPv4; anything else as it is.
 */
export function networkOf(client: string): string {
  const address = client.split('%', 1)[0] as string;
  if (!isIPv6(address)) return client;
  // The one spelling of the WHATWG URL standard: lower case, no leading zeros, `::` for the longest run of zeros.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped) {
    const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16));
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  const [start = '', end = ''] = canonical.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(start).length - groups(end).length;
  const full = [...groups(start), ...Array.from({ length: missing }, () => '0'), ...groups(end)];
  const bits = full.map((group) => group.padStart(4, '0')).join('');
  return `${bits.slice(0, 14)}/56`;
}
