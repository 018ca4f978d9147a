import type { FaultCode, LineFault, LineField } from '../faults.js';
import { withoutSurroundingSpace } from './surrounding-space.js';
import { holdsUnseen } from './unseen.js';

export type CanonicalLine<Fault extends FaultCode = FaultCode> =
  { ok: true; text: string | null } | { ok: false; fault: Fault };

/**
 * The canonical form of a line that a person writes, such as their name: trimmed, nothing else changed; null when nothing
 * visible is left. Only what would turn it into something else is refused: control characters and line separators (header
 * and log injection), bidirectional overrides and isolates (Unicode UTS 55: text that reads differently from what it is; the
 * direction marks, which Hebrew and Arabic need, stay inside and are taken off at the ends), lone surrogates (PostgreSQL
 * would store U+FFFD), and what nobody can see (see `holdsUnseen`; a zero-width space, a word joiner or a soft hyphen at the
 * ends is taken off).
 *
 * Never throws.
 *
 * @param longest in code points
 * @param furtherFault what else may be wrong with this field; asked before what nobody can see is, which may hide it
 */
export function canonicalLine<Field extends LineField, Further extends FaultCode = never>(
  field: Field,
  given: string,
  longest: number,
  furtherFault?: (text: string) => Further | undefined,
): CanonicalLine<`${Field}_${LineFault}` | Further> {
  const text = withoutSurroundingSpace(given, spaceOrMark);
  if (!visible.test(text)) return { ok: true, text: null };
  // UTF-16 units first: a hostile megabyte is not worth counting.
  if (text.length > 2 * longest || Array.from(text).length > longest) {
    return { ok: false, fault: `${field}_TOO_LONG` };
  }
  if (controls.test(text)) return { ok: false, fault: `${field}_HOLDS_CONTROLS` };
  if (turns.test(text)) return { ok: false, fault: `${field}_TURNS_DIRECTION` };
  if (/\p{Surrogate}/u.test(text)) return { ok: false, fault: `${field}_MALFORMED` };
  const further = furtherFault?.(text);
  if (further) return { ok: false, fault: further };
  if (holdsUnseen(text)) return { ok: false, fault: `${field}_HOLDS_CONTROLS` };
  return { ok: true, text };
}

const spaceOrMark = /[\s\u0085\u00ad\u061c\u200b\u200e\u200f\u2060]/;
const controls = /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]/u;
const turns = /[\u202a-\u202e\u2066-\u2069]/u;

// Control characters, overrides and surrogates count as visible, so that they are refused and not dropped.
const visible = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]|[\u202a-\u202e\u2066-\u2069]/u;

/** The same for readers of the OpenAPI document, as far as the regular expressions of every language can say it. */
export const linePattern = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$';
