import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the parent sends to start, and gets back. */
export interface LoadOrder {
  url: string;
  perSecond: number;
  seconds: number;
}

export interface LoadResult {
  sent: number;
  /** Answers by status; 0 where there was none. */
  statuses: Record<string, number>;
  /** Valid signups by status. */
  valid: Record<string, number>;
  /** 503 without Retry-After, and answers that no request of its kind may get. */
  wrong: string[];
  /** Requests that got no answer within 40 s, or were not even read within the server's 15 s. */
  unanswered: number;
  /** Milliseconds, of answers by status. */
  times: Record<string, number[]>;
  /** Requests that waited for an answer, at most. */
  mostWaiting: number;
  /** Requests that were not sent because 4,000 waited. */
  heldBack: number;
}

interface Kind {
  valid: boolean;
  expected: readonly number[];
  body: (serial: number) => string;
  type?: string;
}

const good = (email: string): string =>
  JSON.stringify({ email, password: 'MyStr0ngP@ss!', full_name: 'Load', listening_language: 'fr' });

/** Half of them valid; what else a form gets, and worse. */
const kinds: readonly Kind[] = [
  ...Array.from({ length: 10 }, () => ({
    valid: true,
    expected: [201, 503],
    body: (serial: number) => good(`load-${serial}@example.com`),
  })),
  { valid: false, expected: [400], body: () => '{}' },
  { valid: false, expected: [400], body: () => '{"email":' },
  { valid: false, expected: [400], body: () => '['.repeat(5000) },
  { valid: false, expected: [400], body: (serial) => good(`load-${serial}@localhost`) },
  {
    valid: false,
    expected: [400],
    body: () => JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(5000) }),
  },
  {
    valid: false,
    expected: [400],
    body: () => JSON.stringify({ full_name: 'a.'.repeat(2500), email: `${'a.'.repeat(1000)}@b` }),
  },
  { valid: false, expected: [413], body: () => 'x'.repeat(40_000) },
  { valid: false, expected: [413], body: () => `"${'y'.repeat(60_000)}"` },
  { valid: false, expected: [415], body: () => 'email=a@example.com', type: 'text/plain' },
  { valid: false, expected: [409, 201, 503], body: () => good('known@example.com') },
];

/** Open loop: the next request leaves on time, whether or not the last one was answered. */
async function run({ url, perSecond, seconds }: LoadOrder): Promise<LoadResult> {
  const result: LoadResult = {
    sent: 0,
    statuses: {},
    valid: {},
    wrong: [],
    unanswered: 0,
    times: {},
    mostWaiting: 0,
    heldBack: 0,
  };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4_000 });
  const waiting = new Set<Promise<void>>();
  const start = performance.now();
  const total = perSecond * seconds;
  for (let serial = 0; serial < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond));
    for (; serial < due; serial++) {
      if (waiting.size >= 4_000) {
        result.heldBack += 1;
        continue;
      }
      const one: Promise<void> = send(url, agent, serial, result).finally(() => waiting.delete(one));
      waiting.add(one);
      result.sent += 1;
    }
    result.mostWaiting = Math.max(result.mostWaiting, waiting.size);
    await sleep(5);
  }
  process.send?.('over');
  await Promise.all(waiting);
  agent.destroy();
  return result;
}

function send(url: string, agent: http.Agent, serial: number, result: LoadResult): Promise<void> {
  const kind = kinds[serial % kinds.length] as Kind;
  const body = kind.body(serial);
  const start = performance.now();
  return new Promise((resolve) => {
    const done = (status: number, retryAfter: string | undefined): void => {
      count(result.statuses, status);
      if (kind.valid) count(result.valid, status);
      (result.times[status] ??= []).push(performance.now() - start);
      const asExpected = kind.expected.includes(status) || status === 429;
      if (status === 0 || status === 408) result.unanswered += 1;
      else if (!asExpected) result.wrong.push(`${status} for ${body.slice(0, 40)}`);
      if (status === 503 && !/^[1-9]\d*$/.test(retryAfter ?? ''))
        result.wrong.push('503 without Retry-After');
      resolve();
    };
    const request = http.request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': kind.type ?? 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-forwarded-for': `10.0.0.${serial % 250}, ${addressOf(serial)}`,
        },
        timeout: 40_000,
      },
      (response) => {
        response.resume();
        response.on('end', () => done(response.statusCode ?? 0, response.headers['retry-after']));
        response.on('error', () => done(0, undefined));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(0, undefined));
    request.end(body);
  });
}

/** 8,000 clients: half by IPv4, half by an IPv6 network of their own. */
function addressOf(serial: number): string {
  const client = (serial * 7919) % 8000;
  return client % 2 === 0
    ? `192.0.${(client >> 8) & 0xff}.${client & 0xff}`
    : `2001:db8:${client.toString(16)}::${serial.toString(16).slice(-4)}`;
}

function count(counts: Record<string, number>, key: number): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

process.once('message', (order) => {
  void run(order as LoadOrder).then((result) => process.send?.(result, () => process.disconnect()));
});
// The parent is gone: so is the reason for all this.
process.once('disconnect', () => process.exit());
