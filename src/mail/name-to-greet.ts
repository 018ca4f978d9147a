/** As many letters, as a reader counts them, as a greeting takes. */
const longest = 60;

/**
 * A person's name for a greeting, or null where it is better left out. Whoever signs somebody else up chooses the name
 * that this person reads, so that it is no place for a message: nothing that a mail client would make a link of (a web
 * or mail address, a telephone number), no line break, nothing that turns the text around it.
 */
export function nameToGreet(fullName: string | null): string | null {
  // A message from the topic may hold anything: more than a stored name can be is not worth reading.
  const name = Array.from((fullName ?? '').slice(0, 510))
    .slice(0, 255)
    .join('')
    .trim();
  if (!/[\p{L}\p{N}\p{S}]/u.test(name) || unsafe.test(name) || looksLikeLink(name)) return null;
  // Nothing has more letters than code units, and to count letters takes as long as half a mail.
  if (name.length <= longest) return name;
  const letters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  return letters.length <= longest ? name : `${letters.slice(0, longest).join('').trimEnd()}…`;
}

// The marks: piled up they cover the lines above and below. No script needs as many.
const unsafe = /\p{M}{8}|[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u;

/**
 * Wider than the check of a signup, since here a mistake costs a greeting alone: `St.John` is left out as `evil.com` is.
 * Read as it is seen: full-width letters folded, the ideographic full stop a dot, and what is invisible tried as
 * nothing and as a break.
 */
function looksLikeLink(name: string): boolean {
  return ['', ' '].some((instead) => {
    const seen = name
      .replace(/\p{Default_Ignorable_Code_Point}+/gu, instead)
      .normalize('NFKC')
      .replace(/[\u3002\u2024]/g, '.');
    const digits = seen.match(/\p{Nd}/gu)?.length ?? 0;
    return (
      digits >= 5 || /[@/\\]|[\p{L}\p{M}\p{N}\p{So}_-]\.[\p{L}\p{N}][\p{L}\p{M}\p{N}-]|\w:\S/u.test(seen)
    );
  });
}
