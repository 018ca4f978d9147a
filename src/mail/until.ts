import { getOrMake } from '../get-or-make.js';
import { say } from '../words/say.js';
import type { ChosenWords } from '../words/choose-words.js';

const day = 86_400_000;

/**
 * A moment in the future in words, "tomorrow, 14:05 UTC (15 March)", or "17 March 2026, 14:05 UTC" when it is further
 * away. The date stands there too, because a mail may be read a day later.
 */
export function untilInWords({ language, words }: ChosenWords, moment: Date, now: Date): string {
  const formats = getOrMake(allFormats, language, () => makeFormats(language));
  const time = formats.time.format(moment);
  const days = Math.floor(moment.getTime() / day) - Math.floor(now.getTime() / day);
  const dayInWords = formats.days[days];
  if (dayInWords === undefined) {
    return say(words, 'mail.until.date', { date: formats.fullDate.format(moment), time });
  }
  return say(words, 'mail.until.day', { day: dayInWords, time, date: formats.date.format(moment) });
}

/** Made once a language: to make them takes longer than all else of a mail. There are as many as languages of words. */
const allFormats = new Map<string, ReturnType<typeof makeFormats>>();

function makeFormats(language: string) {
  const inUtc = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    time: inUtc({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    date: inUtc({ day: 'numeric', month: 'long' }),
    fullDate: inUtc({ dateStyle: 'long' }),
    /** Today and tomorrow. */
    days: [relative.format(0, 'day'), relative.format(1, 'day')],
  };
}
