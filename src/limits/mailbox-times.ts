import type { MailboxBudgetName } from './mailbox-count.js';

const minute = 60_000;
const day = 24 * 60 * minute;

interface MailboxLimits {
  minute: number;
  day: number;
}

export interface WaitedEmail {
  /** When it was to go. */
  due: number;
  /** Where that is not what its mailbox counted for it: when it was written, in whole milliseconds. */
  since?: number | undefined;
}

/**
 * When emails that did not go when they were due may go instead: each as soon as the budget allows it beside all that
 * were sent or wait, and none before now. All times in milliseconds.
 *
 * @param counted what the mailbox's budget holds, those of these emails among them, oldest first
 * @param waited these emails, in the order in which they go now
 */
export function rescheduled(
  counted: readonly number[],
  waited: readonly WaitedEmail[],
  limits: MailboxLimits,
  now: number,
): { times: number[]; counted: number[] } {
  const all = without(counted, waited);
  // A budget holds the newest of a day: where all of those are to come, it has forgotten others that are.
  const [oldest = now, newest = now] = [counted[0], counted.at(-1)];
  let from = counted.length >= limits.day && oldest > now ? newest : now;
  const times = waited.map(() => {
    from = firstFree(all, limits, from);
    all.splice(placeOf(all, from), 0, from);
    return from;
  });
  return { times, counted: all.slice(-limits.day) };
}

/** For each the one of its time goes, or the first that may be its own. */
function without(counted: readonly number[], waited: readonly WaitedEmail[]): number[] {
  const left = [...counted];
  for (const { due, since = Infinity } of waited) {
    const same = left.findIndex((one) => isSame(one, due));
    const own = same === -1 ? left.findIndex((one) => one >= since && one < due) : same;
    if (own !== -1) left.splice(own, 1);
  }
  return left;
}

/** Of which budget an email is: a resend's time, which is when it was written, stands among the resends'. */
export function budgetOf({ due, since = NaN }: WaitedEmail, resends: readonly number[]): MailboxBudgetName {
  const isItsOwn = (time: number) => isSame(time, due) || (time >= since && time < since + 1);
  return resends.some(isItsOwn) ? 'resend' : 'signup';
}

function firstFree(all: readonly number[], limits: MailboxLimits, from: number): number {
  let time = from;
  while (!fits(all, time, limits)) {
    // Room begins where something else has been a minute, or a day, ago.
    const starts = [minute, day].map((span) => (all[placeOf(all, time, span)] ?? Infinity) + span);
    time = Math.min(...starts);
  }
  return time;
}

/** With it none of the spans that it lies in has more than its most. */
function fits(all: readonly number[], time: number, limits: MailboxLimits): boolean {
  const place = placeOf(all, time);
  return [
    { most: limits.minute, span: minute },
    { most: limits.day, span: day },
  ].every(({ most, span }) => {
    for (let before = Math.min(most, place), after = most - before; before >= 0; before--, after++) {
      const first = before === 0 ? time : (all[place - before] as number);
      const last = after === 0 ? time : all[place + after - 1];
      if (last === undefined) return true;
      if (last - first < span) return false;
    }
    return true;
  });
}

/** Of sorted ones the first that is later than so long before this time. */
function placeOf(all: readonly number[], time: number, span = 0): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] as number) + span > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A time that has been a number on its way is off by less than a microsecond. */
function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.01;
}
