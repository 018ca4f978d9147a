import { domainToASCII, domainToUnicode } from 'node:url';
import { ValidationError } from '../errors.js';
import { fault, type FaultCodeOf } from '../faults.js';
import { withoutSurroundingSpace } from './surrounding-space.js';

export type EmailFault = FaultCodeOf<'EMAIL'>;
export type CanonicalEmailAddress = { ok: true; address: string } | { ok: false; fault: EmailFault };

/**
 * The one canonical form of an email address, made here and nowhere else: what the database holds and compares.
 *
 * Surrounding white space is removed; the local part is an ASCII dot-atom (RFC 5322 section 3.2.3) of 64 octets at
 * most (RFC 5321 section 4.5.3.1.1); the domain is at least two LDH labels of 63 octets at most (RFC 1035 section
 * 2.3.4), internationalised ones in their A-label form (RFC 5890); 254 octets in all (RFC 5321 section 4.5.3.1.3,
 * erratum 1690); then ASCII letters are lower-cased. Dots and `+tags` stay: only the receiving host knows what they
 * mean. Quoted strings, comments, address lists and IP literals are refused, and so is a first character that a shell or
 * a spreadsheet acts on, in whose hands a list of addresses may end. Of several faults an invisible one is named: the
 * others the person can see.
 *
 * Never throws.
 */
export function canonicalEmailAddress(text: string): CanonicalEmailAddress {
  const trimmed = withoutSurroundingSpace(text);
  if (trimmed === '') return refused('EMAIL_MISSING');
  if (trimmed.length > longestTextWorthReading) return refused('EMAIL_TOO_LONG');
  const result = readAddress(trimmed);
  // Only then: some domains are written with a joiner that nobody sees (RFC 5892 appendix A).
  return !result.ok && invisible.test(trimmed) ? refused('EMAIL_HOLDS_INVISIBLE') : result;
}

/** The same of an operator's filter or reference. @throws ValidationError (`VALIDATION_ERROR`) */
export function requireEmailAddress(text: string): string {
  const canonical = canonicalEmailAddress(text);
  if (!canonical.ok) throw new ValidationError([fault('email', canonical.fault)]);
  return canonical.address;
}

/** A domain in the one form that it has in an address, or null where no mail can be sent to it. */
export function canonicalDomain(domain: string): string | null {
  const address = canonicalEmailAddress(`anyone@${domain}`);
  return address.ok && !domain.includes('@') ? address.address.slice('anyone@'.length) : null;
}

function readAddress(trimmed: string): CanonicalEmailAddress {
  const at = trimmed.lastIndexOf('@');
  if (at === -1) return refused('EMAIL_WITHOUT_AT');

  // The form is checked before anything is folded: U+212A KELVIN SIGN lower-cases to an ASCII k, and would otherwise
  // let one person register as another.
  const local = trimmed.slice(0, at);
  if (!dotAtom.test(local)) return refused('EMAIL_LOCAL_PART_INVALID');
  if (/^[-=+|`]/.test(local)) return refused('EMAIL_BEGINS_UNSAFE');
  if (local.length > 64) return refused('EMAIL_LOCAL_PART_TOO_LONG');

  const domain = asciiDomain(trimmed.slice(at + 1));
  if (domain === null) return refused('EMAIL_DOMAIN_INVALID');

  const address = `${local}@${domain}`.toLowerCase();
  return address.length > 254 ? refused('EMAIL_TOO_LONG') : { ok: true, address };
}

// Both cases spelled out: with the flags i and u together, a K would match U+212A.
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/** Letters and symbols without ink (a Braille cell, a Khitan filler, a note head): UTS 46 takes them for a domain's. */
const blank = /[\u2800\u{16fe4}\u{1d159}]/u;

/** Spaces, controls, format characters, fillers and blanks. */
const invisible = new RegExp(
  `[\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}]|${blank.source}`,
  'u',
);

// Bounds the work on hostile input. No address of 254 octets is written in this many UTF-16 units.
const longestTextWorthReading = 2048;

function refused(fault: EmailFault): CanonicalEmailAddress {
  return { ok: false, fault };
}

/** The domain with every label in its ASCII form, or null when it is not a domain that mail can be sent to. */
function asciiDomain(domain: string): string | null {
  // One more than 254 octets have room for: the rest of a longer one is not worth mapping.
  const labels = domain.split('.', 128).map(asciiLabel);
  if (labels.length < 2) return null;
  // What ends in a number is an IPv4 address to a URL parser, in decimal or hexadecimal (WHATWG URL, "ends in a
  // number checker"), and no top-level domain is one (RFC 3696 section 2).
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return null;
  return labels.includes(null) ? null : labels.join('.');
}

function asciiLabel(label: string): string | null {
  // An ASCII label is taken as it is. domainToASCII is never asked about it, since that would read `0x7f` as a number
  // and `ex%61mple` as percent-encoding.
  const ascii = asciiOnly.test(label) ? label.toLowerCase() : encodedLabel(label);
  if (ascii === null || !ldhLabel.test(ascii)) return null;
  return ascii.startsWith('xn--') && !isCanonicalALabel(ascii) ? null : ascii;
}

const asciiOnly = /^\p{ASCII}*$/u;

/** Letters, digits and inner hyphens, 63 at most (RFC 1123 section 2.1, RFC 5890 section 2.3.1). */
const ldhLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The A-label of a label with non-ASCII characters. People type capitals, and their keyboards decomposed accents:
 * those two foldings are harmless. Whatever else the mapping of UTS 46 would repair (full-width letters, other dots,
 * soft hyphens, ligatures) only makes look-alikes, and is refused.
 */
function encodedLabel(label: string): string | null {
  if (!/^[A-Za-z0-9\-\P{ASCII}]+$/u.test(label) || foldsIntoAscii(label) || blank.test(label)) return null;
  // One by one, because String.toLowerCase writes a final sigma by its neighbours and UTS 46 does not.
  const folded = Array.from(label.normalize('NFC'))
    .map((character) => character.toLowerCase())
    .join('');
  const ascii = domainToASCII(folded);
  return ascii.startsWith('xn--') && domainToUnicode(ascii) === folded ? ascii : null;
}

function foldsIntoAscii(label: string): boolean {
  return Array.from(label).some(
    (character) => !asciiOnly.test(character) && /\p{ASCII}/u.test(character.normalize('NFKC').toLowerCase()),
  );
}

/** Decodes, to something that encodes to the same (so `xn--abc-` is not one), and well hyphened (RFC 5891 4.2.3.1). */
function isCanonicalALabel(label: string): boolean {
  const decoded = domainToUnicode(label);
  return (
    decoded !== '' &&
    !asciiOnly.test(decoded) &&
    domainToASCII(decoded) === label &&
    !blank.test(decoded) &&
    !/^-|-$|^..--/u.test(decoded)
  );
}
