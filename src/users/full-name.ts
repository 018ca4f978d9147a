import type { FaultCodeOf } from '../faults.js';
import { type CanonicalLine, canonicalLine } from './line.js';
import { holdsWebAddress } from './web-address.js';

export const longestFullName = 255;

/**
 * The canonical form of a person's name: a line of 255 code points at most. Names follow no pattern; a web address is
 * refused because the name goes into a mail to an address that nobody has proved yet, and "Hello evil.com/win" would make
 * us the spammer.
 *
 * Never throws.
 */
export function canonicalFullName(given: string): CanonicalLine<FaultCodeOf<'FULL_NAME'>> {
  return canonicalLine('FULL_NAME', given, longestFullName, (name) =>
    holdsWebAddress(name) ? 'FULL_NAME_HOLDS_ADDRESS' : undefined,
  );
}
