/**
 * The text without the white space around it: what JavaScript trims (a byte order mark too, which files begin with),
 * and U+0085, which Unicode counts as well; or what else `edge` names. A loop, because `\s+$` takes quadratic time on hostile text.
 */
export function withoutSurroundingSpace(text: string, edge: RegExp = whiteSpace): string {
  let end = text.length;
  let start = 0;
  while (start < end && edge.test(text.charAt(start))) start += 1;
  while (end > start && edge.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const whiteSpace = /[\s\u0085]/;
