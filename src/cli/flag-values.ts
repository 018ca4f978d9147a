import { InvalidArgumentError } from 'commander';
import { longestDuration, parseDuration } from '../options/duration.js';

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

/** A port, as the text that PORT would be. */
export function port(text: string): string {
  wholeNumber(0, 65_535)(text);
  return text;
}

/** Event ids as logs and message headers show them: UUIDs. For a flag that may be repeated. */
export function eventIds(text: string, earlier: readonly string[] = []): string[] {
  if (/^[\w-]{1,100}$/.test(text)) return [...earlier, text];
  throw new InvalidArgumentError('Give the event id that the log or the message shows.');
}

/** Whether a parser adds to what was given before. */
export function isRepeatable(parse: object | undefined): boolean {
  return parse === eventIds;
}

/** For an argument that may be repeated. */
export function rowIds(text: string, earlier: readonly number[] = []): number[] {
  return [...earlier, rowId(text)];
}

/** `90s`, `1h30m`, `30d` or `2w`, in milliseconds. */
export function duration(text: string): number {
  const length = parseDuration(text);
  if (length === undefined) {
    throw new InvalidArgumentError('Give a length of time such as 15m, 1h30m, 30d or 2w.');
  }
  if (length > longestDuration) throw new InvalidArgumentError('Give a length of time of 36500d or less.');
  return length;
}

/** `0.8` or `80%`. */
export function share(text: string): number {
  const value = /^\d{1,3}(?:\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (/^[\d.]+%?$/.test(text) && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Give a share such as 0.8 or 80%.');
}

/** One of these words. */
export function oneOf<const Word extends string>(...words: Word[]) {
  const parse = (text: string): Word => {
    const word = words.find((one) => one === text);
    if (word) return word;
    throw new InvalidArgumentError(`Give one of ${words.join(', ')}.`);
  };
  return Object.assign(parse, { words });
}

/** Those that a parser made by `oneOf` takes, for the shell's completion; none of any other. */
export function wordsOf(parse: object | undefined): readonly string[] {
  return parse && 'words' in parse ? (parse.words as readonly string[]) : [];
}

/** Comma-separated. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
