/**
 * How many slips lie between two words: a character too many, one too few, another one, or two that changed places.
 *
 * @param most what is farther apart by its length alone is told as Infinity, at no cost
 */
export function editDistance(one: string, other: string, most = Infinity): number {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next.push(
        Math.min(
          (last[column - 1] as number) + (same ? 0 : 1),
          (last[column] as number) + 1,
          (next[column - 1] as number) + 1,
          swapped && row > 1 && column > 1 ? (beforeLast[column - 2] as number) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return last[other.length] as number;
}
