import { InvalidArgumentError } from 'commander';

/** Makes commander's parser of a whole number. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** The id of a row. */
export const rowId = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** For an argument that may be repeated. */
export function rowIds(text: string, earlier: readonly number[] = []): number[] {
  return [...earlier, rowId(text)];
}

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `15m`, `24h` or `30d`, in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  if (match) return Number(match[1]) * units[match[2] as keyof typeof units];
  throw new InvalidArgumentError('Give a length of time such as 15m, 24h or 30d.');
}

/** A date, a date with a time (local where it names no zone), or a length of time ago: `2026-03-14`, `2h`. */
export function pointInTime(text: string): Date {
  if (/^\d{1,6}[smhd]$/.test(text)) return new Date(Date.now() - duration(text));
  const whole = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text);
  // A date alone would otherwise be midnight in UTC.
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (whole && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError(
    'Give a date such as 2026-03-14, a time such as 2026-03-14T12:00Z, or 2h for two hours ago.',
  );
}

/** `0.8` or `80%`. */
export function share(text: string): number {
  const value = /^\d{1,3}(?:\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (/^[\d.]+%?$/.test(text) && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Give a share such as 0.8 or 80%.');
}

/** One of these words. */
export function oneOf<const Word extends string>(...words: Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word) return word;
    throw new InvalidArgumentError(`Give one of ${words.join(', ')}.`);
  };
}

/** Comma-separated. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
