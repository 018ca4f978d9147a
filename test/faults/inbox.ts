import { setTimeout as delay } from 'node:timers/promises';

import type { TestSmtp } from '../support/smtp.js';
import type { Answer } from './driver.js';

export interface InboxOptions {
  smtp: TestSmtp;
  /** Shares of those who get their first mail. */
  habits: { verify: number; resend: number; replay: number };
  /** Of a route at a host that answers. */
  url(path: string): Promise<string>;
  /** What an operator does for one address: how many emails that brought back. */
  replay(email: string): Promise<number>;
}

export interface SentEmail {
  email: string;
  event_id: string;
  status: string;
}

/** Everybody's inbox: people read their mails, and do what people do. */
export function createInbox({ smtp, habits, url, replay }: InboxOptions) {
  /** Address, event id, how often it came. */
  const came = new Map<string, Map<string, number>>();
  const counts = { mails: 0, verified: 0, resends: 0, replays: 0, deadLinks: 0, unanswered: 0 };
  let lastAt = Date.now();

  const post = async (path: string, body: object): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(await url(path), { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.status;
  };

  async function read(email: string, raw: string): Promise<void> {
    const draw = Math.random();
    if (draw < habits.verify) {
      const status = await persist(() => post('/api/v1/auth/verify-email', { token: tokenIn(raw) }));
      if (status === 200) counts.verified += 1;
      else counts.deadLinks += 1;
    } else if (draw < habits.verify + habits.resend) {
      await persist(() => post('/api/v1/auth/resend-verification', { email }));
      counts.resends += 1;
    } else if (draw < habits.verify + habits.resend + habits.replay) {
      // Not `+= await`: of two at once one would be forgotten.
      const replayed = await replay(email);
      counts.replays += replayed;
    }
  }

  /** A person whose answer does not come, or is a 503, tries again. */
  async function persist(ask: () => Promise<number>): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const status = await ask().catch(() => 503);
      if (status !== 503 || attempt === 60) return status;
      await delay(2_000);
    }
  }

  smtp.rules.data = ({ to, raw }) => {
    const [email = ''] = to;
    const event = /^Message-ID: <([0-9a-f-]{36})@/im.exec(raw)?.[1] ?? raw.slice(0, 200);
    const events = came.get(email) ?? new Map<string, number>();
    came.set(email, events);
    const isFirst = events.size === 0;
    events.set(event, (events.get(event) ?? 0) + 1);
    counts.mails += 1;
    lastAt = Date.now();
    // The harness keeps nothing else of a mail: there are thousands.
    smtp.mails.length = 0;
    if (isFirst) void read(email, raw).catch(() => (counts.unanswered += 1));
    return undefined;
  };

  return {
    /** Resolves when no mail has come for so many seconds. */
    async quiet(seconds: number): Promise<void> {
      while (Date.now() - lastAt < seconds * 1000) await delay(500);
    },
    /** Whether everybody has the mails that the database says were published to them, and no others. */
    holdAgainst(sent: readonly SentEmail[], answers: readonly Answer[]) {
      const created = answers.filter(({ status }) => status === 201);
      const known = new Set(sent.map(({ email }) => email));
      const missing = sent.filter(
        ({ email, event_id, status }) => status === 'published' && !came.get(email)?.has(event_id),
      );
      const all = [...came.values()].flatMap((events) => [...events.values()]);
      const twice = all.reduce((sum, times) => sum + times - 1, 0);
      // A replay gives a published email a new event id. One that is obsolete was sent too, where its relay was killed
      // before it could say so, and its reader has verified since.
      const ids = new Set(sent.map(({ event_id }) => event_id));
      const unknown = [...came.values()].flatMap((events) => [...events.keys()]).filter((id) => !ids.has(id));
      const surplus = unknown.length - counts.replays;
      const nothing = created.filter(({ email }) => !came.has(email)).length;
      const strangers = [...came.keys()].filter((email) => !known.has(email)).length;
      const faults = Object.entries({
        'accounts without any mail': nothing,
        'published emails that never came': missing.length,
        'mails that nobody was to get': Math.max(0, surplus),
        'mails to strangers': strangers,
        'dead emails': sent.filter(({ status }) => status === 'dead').length,
        'links that did not verify': counts.deadLinks,
        'people who gave up': counts.unanswered,
      }).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
      return {
        counts: {
          ...{ signups: created.length, unavailable: answers.length - created.length },
          ...{ ...counts, twice, missing: missing.length, surplus },
        },
        faults,
      };
    },
  };
}

/** Of the link, in a mail as it travels: a line may end in the midst of it. */
function tokenIn(raw: string): string {
  const text = raw.replace(/=\r?\n/g, '').replace(/=3D/g, '=');
  return /[?&]token=([\w.~-]+)/.exec(text)?.[1] ?? '';
}
