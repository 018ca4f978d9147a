/** `1 email`, `2 emails`; with words before the noun: `countOf(2, 'dead email')`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
