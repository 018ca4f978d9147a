import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AreaReport, createTally } from './area.js';
import { authPath, type HostileHost, startHostileHost } from './hostile-host.js';
import { percentile } from './signup-check.js';

/** The standalone server's own limits (10 s for the headers, 15 s for the request, looked at every 2 s), and some. */
const latest = 22_000;

interface SlowClient {
  name: string;
  /** Sent at once. */
  first: string;
  /** Then one of these every ten seconds. */
  drip: string;
}

const head = `POST ${authPath}/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;

const clients: readonly SlowClient[] = [
  { name: 'a byte of the start line every ten seconds', first: 'P', drip: 'O' },
  { name: 'a byte of a header every ten seconds', first: head, drip: 'X' },
  { name: 'a header every ten seconds', first: head, drip: 'X-A: b\r\n' },
  { name: 'a byte of the body every ten seconds', first: `${head}Content-Length: 60\r\n\r\n{`, drip: ' ' },
  {
    name: 'a chunk every ten seconds',
    first: `${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    drip: '1\r\n \r\n',
  },
  { name: 'nothing at all', first: '', drip: '' },
  { name: 'a body announced, and silence', first: `${head}Content-Length: 60\r\n\r\n`, drip: '' },
  { name: 'a second request, slowly', first: `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${head}`, drip: 'X' },
];

/**
 * Clients that take their time, several of each kind at once, against the standalone server's listener: each is cut
 * off, and meanwhile nobody else notices.
 */
export async function runSlowClients(ofEach: number): Promise<AreaReport> {
  const tally = createTally('slow clients');
  const host = await startHostileHost();
  try {
    const start = performance.now();
    const unread = unreadAnswers(host);
    const lives = clients.flatMap((client) =>
      Array.from({ length: ofEach }, async () => ({ client, seconds: await lifeOf(host, client) })),
    );
    const ended = Promise.all(lives);
    const times = await othersMeanwhile(host, ended);
    const results = await ended;
    for (const client of clients) {
      const own = results.filter((result) => result.client === client).map(({ seconds }) => seconds);
      const longest = Math.max(...own);
      tally.check(client.name, longest * 1000 < latest, `still connected after ${longest.toFixed(1)} s`);
    }
    tally.check(
      'nobody else waits',
      percentile(times, 0.5) < 500,
      `a signup took ${Math.round(percentile(times, 0.5))} ms`,
    );
    tally.count('never reads its answers', await unread);
    const longest = Math.max(...results.map(({ seconds }) => seconds));
    return tally.report(
      `${results.length} clients, cut off after ${longest.toFixed(1)} s at most; ${times.length} signups meanwhile, ` +
        `median ${Math.round(percentile(times, 0.5))} ms; ${Math.round((performance.now() - start) / 1000)} s`,
    );
  } finally {
    await host.stop();
  }
}

/** Seconds until the server ends the connection; infinite where it does not. */
async function lifeOf({ port }: HostileHost, { first, drip }: SlowClient): Promise<number> {
  const start = performance.now();
  const socket = connect(port, '127.0.0.1');
  let closed = false;
  const gone = new Promise<void>((resolve) => {
    socket.on('close', () => {
      closed = true;
      resolve();
    });
  });
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(first);
  const dripping = setInterval(() => {
    if (!closed && drip !== '') socket.write(drip);
  }, 10_000);
  await Promise.race([gone, sleep(latest + 20_000, undefined, { ref: false })]);
  clearInterval(dripping);
  socket.destroy();
  return closed ? (performance.now() - start) / 1000 : Number.POSITIVE_INFINITY;
}

/** Sends a thousand requests at once and reads no answer: the server may not keep them all in memory. */
async function unreadAnswers({ port, url }: HostileHost): Promise<string | null> {
  const requests = 1_000;
  const { length } = await (await fetch(new URL('/openapi.json', url))).text();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(requests));
  await sleep(5_000);
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  socket.resume();
  const wasCut = await Promise.race([closed, sleep(5_000, false)]);
  socket.destroy();
  if (!wasCut) return `still connected, ${socket.bytesRead} bytes of answers`;
  return socket.bytesRead < requests * length ? null : 'all answers were kept for it';
}

async function othersMeanwhile(host: HostileHost, ended: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  void ended.finally(() => (over = true));
  while (!over) {
    const start = performance.now();
    const response = await fetch(`${host.url}/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `patient-${times.length}@example.com`, password: 'MyStr0ngP@ss!' }),
    });
    await response.text();
    times.push(response.status === 201 ? performance.now() - start : Number.POSITIVE_INFINITY);
    await sleep(200);
  }
  return times;
}
