import type { FaultCodeOf } from '../faults.js';
import { withoutSurroundingSpace } from './surrounding-space.js';
import { holdsUnseen } from './unseen.js';
import { holdsWebAddress } from './web-address.js';

export type FullNameFault = FaultCodeOf<'FULL_NAME'>;
export type CanonicalFullName = { ok: true; name: string | null } | { ok: false; fault: FullNameFault };

/**
 * The canonical form of a person's name: trimmed, 255 code points at most, nothing else changed; null when nothing
 * visible is left. Names follow no pattern, so only what would turn the name into something else is refused: control
 * characters and line separators (header and log injection), bidirectional overrides and isolates (Unicode UTS 55: text
 * that reads differently from what it is; the direction marks, which names in Hebrew or Arabic need, stay inside and are
 * taken off at the ends), lone surrogates (PostgreSQL would store U+FFFD), web addresses, because the name
 * goes into a mail to an address that nobody has proved yet, and "Hello evil.com/win" would make us the spammer, and
 * what nobody can see (see `holdsUnseen`; a zero-width space, a word joiner or a soft hyphen at the ends is taken off).
 *
 * Never throws.
 */
export function canonicalFullName(text: string): CanonicalFullName {
  const name = withoutSurroundingSpace(text, spaceOrMark);
  if (!visible.test(name)) return { ok: true, name: null };
  // UTF-16 units first: a hostile megabyte is not worth counting.
  if (name.length > 510 || Array.from(name).length > 255) return refused('FULL_NAME_TOO_LONG');
  if (/[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]/u.test(name)) return refused('FULL_NAME_HOLDS_CONTROLS');
  if (/[\u202a-\u202e\u2066-\u2069]/u.test(name)) {
    return refused('FULL_NAME_TURNS_DIRECTION');
  }
  if (/\p{Surrogate}/u.test(name)) return refused('FULL_NAME_MALFORMED');
  if (holdsWebAddress(name)) return refused('FULL_NAME_HOLDS_ADDRESS');
  if (holdsUnseen(name)) return refused('FULL_NAME_HOLDS_CONTROLS');
  return { ok: true, name };
}

const spaceOrMark = /[\s\u0085\u00ad\u061c\u200b\u200e\u200f\u2060]/;

// Control characters, overrides and surrogates count as visible, so that they are refused and not dropped.
const visible = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]|[\u202a-\u202e\u2066-\u2069]/u;

function refused(fault: FullNameFault): CanonicalFullName {
  return { ok: false, fault };
}
