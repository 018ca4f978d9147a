import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../options/duration.js';
import { UsageError } from './cli-error.js';
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

/** Filters that no row can pass, because one is after the other. @throws UsageError */
export function refuseEmptyTime({
  since,
  until,
}: {
  since?: Date | undefined;
  until?: Date | undefined;
}): void {
  if (since && until && since >= until) throw new UsageError('--until is not after --since');
}

const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

function parseTime(text: string, daysAfterDate: number): Date {
  if (parseDuration(text) !== undefined) return new Date(Date.now() - duration(text));
  const [, day, time, zone] = form.exec(text.trim()) ?? [];
  if (day === undefined) {
    throw new InvalidArgumentError(
      'Give a date such as 2026-03-14, a time such as 2026-03-14T12:00Z, or 2h for two hours ago.',
    );
  }
  const clock = clockTime(day, time ?? '00:00');
  const date = clock && (zone === undefined ? localTime(clock, time !== undefined) : inZone(clock, zone));
  if (!date) throw new InvalidArgumentError(`There is no such time as ${text}.`);
  if (time === undefined) {
    date.setDate(date.getDate() + daysAfterDate);
    date.setHours(0, 0, 0, 0);
  }
  return date;
}

/** What the clocks show, as if they showed UTC; nothing for what JavaScript turns into another time, as it does 30 February. */
function clockTime(day: string, time: string): Date | undefined {
  const clock = new Date(`${day}T${time}Z`);
  // PostgreSQL has no year 0.
  const exists = !Number.isNaN(clock.getTime()) && !day.startsWith('0000');
  return exists && clock.toISOString().startsWith(`${day}T${time.slice(0, 5)}`) ? clock : undefined;
}

/** @param exact whether it must exist: the clocks skip some, and a midnight among them is the first moment after */
function localTime(clock: Date, exact: boolean): Date | undefined {
  const date = new Date(clock.toISOString().slice(0, -1));
  const shown = [date.getDate(), date.getHours(), date.getMinutes()];
  const wanted = [clock.getUTCDate(), clock.getUTCHours(), clock.getUTCMinutes()];
  return !exact || shown.join() === wanted.join() ? date : undefined;
}

/** From -12:00 to +14:00, as zones of the world go; undefined for others. */
function inZone(clock: Date, zone: string): Date | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const exists = Number(minutes) < 60 && offset >= -12 * 60 && offset <= 14 * 60;
  return exists ? new Date(clock.getTime() - offset * 60_000) : undefined;
}
