/**
 * Milliseconds to wait after the given number of failures in a row (1 or more): doubling from `first` to `most`, and
 * between half of that and all of it, so that many relays do not come back at once.
 */
export function backoff(failures: number, { first, most }: { first: number; most: number }): number {
  const full = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return full * (0.5 + Math.random() / 2);
}
