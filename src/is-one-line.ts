/** Of this many characters at most, and whatever reads it, a log or a header of a mail, takes it for one line. */
export function isOneLine(text: string, longest: number): boolean {
  return Array.from(text).length <= longest && !/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u.test(text);
}
