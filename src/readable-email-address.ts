import { domainToUnicode } from 'node:url';

/** As people read and type it: with its domain in its own letters. */
export function readableEmailAddress(address: string): string {
  // A message from the topic may hold anything: what is no domain stays as it is.
  return address.replace(/[^@]+$/, (domain) => domainToUnicode(domain) || domain);
}
