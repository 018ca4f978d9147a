/**
 * What may be done with an email: `free` to send; `again`, for whoever began to send it never said how it ended;
 * `sent` before; `sending` somewhere else, until this many milliseconds from now.
 */
export type Claim = { state: 'free' | 'again' | 'sent' } | { state: 'sending'; for: number };

/** Which emails were sent, by event id. `sending` holds for the length of one try; only what was accepted is `sent`. */
export interface SentLog {
  /** Takes the email for one try. */
  claim(eventId: string): Promise<Claim>;
  /** The server has accepted it. */
  sent(eventId: string): Promise<void>;
  /** It was not accepted: the next try may begin at once. */
  release(eventId: string): Promise<void>;
  /** Nobody knows whether it was accepted: the next try may begin at once, and is one `again`. */
  lapse(eventId: string): Promise<void>;
}

/** Longer than the longest try: what is still `sending` after it was never finished. */
export const longestTry = 90_000;

/** The memory of this process alone: it forgets when it ends, and the oldest beyond a hundred thousand. */
export function createMemorySentLog({ most = 100_000, tryLength = longestTry } = {}): SentLog {
  const now = Date.now;
  /** Until when it is being sent, or Infinity: it was. In the order of their coming. */
  const emails = new Map<string, number>();
  return {
    async claim(eventId) {
      const until = emails.get(eventId);
      if (until === Infinity) return { state: 'sent' };
      if (until !== undefined && until > now()) return { state: 'sending', for: until - now() };
      emails.set(eventId, now() + tryLength);
      if (emails.size > most) emails.delete(emails.keys().next().value as string);
      return { state: until === undefined ? 'free' : 'again' };
    },
    async sent(eventId) {
      emails.set(eventId, Infinity);
    },
    async release(eventId) {
      if (emails.get(eventId) !== Infinity) emails.delete(eventId);
    },
    async lapse(eventId) {
      if (emails.get(eventId) !== Infinity) emails.set(eventId, 0);
    },
  };
}
