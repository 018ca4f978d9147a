/** A length of time: milliseconds, or text such as `'500ms'`, `'30s'`, `'1h30m'`, `'30d'`, `'2w'`. */
export type Duration = number | string;

const units = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** Beyond a hundred years PostgreSQL's dates may end, and every statement would fail instead of the start. */
export const longestDuration = 36_500 * units.d;

/** Milliseconds, whole; undefined for what is no duration. Units come from long to short, each once. */
export function parseDuration(text: string): number | undefined {
  const parts =
    /^(?:(\d{1,12})w)?(?:(\d{1,12})d)?(?:(\d{1,12})h)?(?:(\d{1,12})m(?!s))?(?:(\d{1,12})s)?(?:(\d{1,12})ms)?$/.exec(
      text.trim(),
    );
  if (!parts?.[0]) return undefined;
  return Object.values(units).reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit, 0);
}
