import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../duration.js';
import { duration } from './flag-values.js';

/**
 * A date, a date with a time (local where it names no zone), or a length of time ago: `2026-03-14`,
 * `2026-03-14T12:00Z`, `1h30m`. A date alone is its first moment. Commander's parser of `--since`.
 */
export function pointInTime(text: string): Date {
  return parseTime(text, 0);
}

/** The same for `--until`: a date alone includes that day. */
export function endInTime(text: string): Date {
  return parseTime(text, 1);
}

const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

function parseTime(text: string, daysAfterDate: number): Date {
  if (parseDuration(text) !== undefined) return new Date(Date.now() - duration(text));
  const [whole, year, month, day, hour, minute, second, fraction, zone] = form.exec(text.trim()) ?? [];
  if (!whole) {
    throw new InvalidArgumentError(
      'Give a date such as 2026-03-14, a time such as 2026-03-14T12:00Z, or 2h for two hours ago.',
    );
  }
  const fields: Fields = [year, month, day, hour, minute, second].map((field) => Number(field ?? 0));
  if (hour === undefined) return existing(dayStart(fields, daysAfterDate), text);
  const milliseconds = Math.floor(Number(`0.${fraction ?? 0}`) * 1000);
  const offset = zone === undefined ? undefined : offsetMinutes(zone);
  if (zone !== undefined && offset === undefined) return existing(undefined, text);
  const date = offset === undefined ? localTime(fields) : universalTime(fields, offset);
  date?.setMilliseconds(milliseconds);
  return existing(date, text);
}

/** Year, month from 1, day, hour, minute, second. */
type Fields = readonly number[];

/** What JavaScript turns into another time, as it does 30 February, 24:00 and a second 60, does not exist. */
function existing(date: Date | undefined, text: string): Date {
  if (date) return date;
  throw new InvalidArgumentError(`There is no such time as ${text}.`);
}

/** Midnight of the day; where the clocks skip it, the first moment after. */
function dayStart(fields: Fields, daysAfter: number): Date | undefined {
  const [year = 0, month = 0, day = 0] = fields;
  if (!universalTime(fields, 0)) return undefined;
  const date = new Date(0);
  date.setFullYear(year, month - 1, day + daysAfter);
  date.setHours(0, 0, 0, 0);
  return date;
}

function localTime([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: Fields):
  Date | undefined {
  const date = new Date(0);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second, 0);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()];
  return same([...parts, date.getSeconds()], [year, month, day, hour, minute, second]) ? date : undefined;
}

function universalTime(fields: Fields, offset: number): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  const exists = same([...parts, date.getUTCMinutes(), date.getUTCSeconds()], fields);
  return exists ? new Date(date.getTime() - offset * 60_000) : undefined;
}

function same(one: Fields, other: Fields): boolean {
  // PostgreSQL has no year 0.
  return one.every((field, index) => field === other[index]) && other[0] !== 0;
}

/** From -12:00 to +14:00, as zones of the world go; undefined for others. */
function offsetMinutes(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return Number(minutes) < 60 && offset >= -12 * 60 && offset <= 14 * 60 ? offset : undefined;
}
