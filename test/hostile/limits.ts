import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, redisRateLimits } from '../../src/cli/server/redis-client.js';
import { type OwnRedis, startOwnRedis } from '../support/redis.js';
import { createDatabase } from '../support/postgres.js';
import { captureLogger } from '../support/log-capture.js';
import { type AreaReport, createTally, pendingArea, type Tally } from './area.js';
import { contractFault } from './contract-answer.js';
import { startHostileHost } from './hostile-host.js';
import { rawRequest, requestText } from './raw-request.js';
import { startServe } from './serve-process.js';
import { faultOf } from './signup-cases.js';

const area = 'rate limit';
const limit = 10;
const path = '/api/v1/auth/signup';

interface Member {
  port: number;
  /** Everything it logged, as text. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface LimitOptions {
  /** `fluentmeet serve` twice, or its parts twice in this process. */
  processes: boolean;
}

/** Two servers, one Redis, one trusted proxy in front of both (which the requests play). */
export async function runLimits({ processes }: LimitOptions): Promise<AreaReport> {
  let redis: OwnRedis;
  try {
    redis = await startOwnRedis();
  } catch (error) {
    if (process.env['CI']) throw error;
    return pendingArea(area, `no Redis: ${(error as Error).message.split('\n', 1).join('')}`);
  }
  const tally = createTally(area);
  const database = await createDatabase();
  const migrated = await startHostileHost({ database: database.url });
  await migrated.stop();
  const members = await Promise.all(
    [0, 1].map(() => (processes ? serveMember : hostMember)(database.url, redis.url)),
  );
  try {
    const slowest = await runCases(tally, members, redis);
    return tally.report(
      `${processes ? 'two processes' : 'two servers'}, ${limit} a minute, slowest answer ${Math.round(slowest)} ms`,
    );
  } finally {
    await Promise.all(members.map((member) => member.stop()));
    await redis.stop();
    await database.drop();
  }
}

async function serveMember(database: string, redis: string): Promise<Member> {
  const serve = await startServe({
    DATABASE_URL: database,
    REDIS_URL: redis,
    FLUENTMEET_TRUST_PROXY: '1',
    FLUENTMEET_SIGNUP_RATE_LIMIT: String(limit),
  });
  return { port: serve.port, log: () => serve.output(), stop: () => serve.stop() };
}

async function hostMember(database: string, redisUrl: string): Promise<Member> {
  const logger = captureLogger();
  const redis = await connectRedis(redisUrl, logger);
  const host = await startHostileHost({
    database,
    trustProxy: 1,
    options: { logger, rateLimits: { signup: limit }, rateLimitStore: redisRateLimits(redis) },
  });
  return {
    port: host.port,
    log: async () => logger.text(),
    async stop() {
      await host.stop();
      redis.close();
    },
  };
}

/** Headers of the n-th request: what the client says of itself, and what the proxy adds. */
type Headers = (serial: number) => readonly string[];

const from = (address: string): readonly string[] => [`X-Forwarded-For: ${address}`];
const random = (serial: number): string => `198.51.${serial}.${(serial * 37) % 256}`;

/** Each is one client, whatever it says: of twice as many requests as are allowed, exactly the allowed get through. */
const oneClient: Readonly<Record<string, Headers>> = {
  'one address': () => from('192.0.2.1'),
  'a rotating X-Forwarded-For': (n) => from(`${random(n)}, 192.0.2.2`),
  'a rotating one in a header of its own': (n) => [...from(random(n)), ...from('192.0.2.3')],
  'ten forged hops': (n) =>
    from(`${Array.from({ length: 10 }, (_, hop) => random(n + hop)).join(', ')}, 192.0.2.4`),
  'a malformed X-Forwarded-For before the proxy’s': (n) => from(`${'%,;"\\'.slice(n % 5)}${n}, ,, 192.0.2.5`),
  'a quoted end': (n) => [...from(`"${random(n)}`), ...from('192.0.2.6')],
  'rotating headers of other proxies': (n) => [
    ...from('192.0.2.7'),
    `X-Real-IP: ${random(n)}`,
    `Forwarded: for=${random(n)}`,
    `CF-Connecting-IP: ${random(n)}`,
    `True-Client-IP: ${random(n)}`,
    `X-Client-IP: ${random(n)}`,
    `X-Cluster-Client-IP: ${random(n)}`,
  ],
  'a rotating Host': (n) => [...from('192.0.2.8'), `X-Forwarded-Host: ${n}.example`],
  'a rotating User-Agent': (n) => [...from('192.0.2.9'), `User-Agent: ${n}`],
  'a proxy that adds the port': (n) => from(`192.0.2.10:${4000 + n}`),
  'a proxy that adds the port to IPv6': (n) => from(`[2001:db8:a::1]:${4000 + n}`),
  'IPv4 in IPv6, in every spelling': (n) =>
    from(
      [
        '192.0.2.11',
        '::ffff:192.0.2.11',
        '::FFFF:192.0.2.11',
        '::ffff:c000:20b',
        '::FFFF:C000:020B',
        '0:0:0:0:0:ffff:192.0.2.11',
        '0:0:0:0:0:FFFF:c000:20b',
        '0000:0000:0000:0000:0000:ffff:c000:020b',
        '0::ffff:192.0.2.11',
        '::0:ffff:192.0.2.11',
        '[::ffff:192.0.2.11]:4711',
        '192.0.2.11:4711',
      ][n % 12] as string,
    ),
  'an IPv6 address, in every spelling': (n) =>
    from(
      [
        '2001:db8:b::1',
        '2001:DB8:B::1',
        '2001:db8:b:0:0:0:0:1',
        '2001:0db8:000b:0000:0000:0000:0000:0001',
        '2001:db8:b::0.0.0.1',
      ][n % 5] as string,
    ),
  'the addresses of an IPv6 /56': (n) => from(`2001:db8:c:${(n * 13).toString(16)}:${n}::${n}`),
  'zones of an IPv6 address': (n) => from(`fe80::1%eth${n}`),
  'rotating nonsense from the proxy': (n) =>
    from(
      `${['unknown', '_hidden', '-', '999.1.1.1', '1.2.3', '::ffff:999.1.1.1', '127.1', '[::1', '%00'][n % 9]}${n > 8 ? n : ''}`,
    ),
  // As if there were none: the proxy itself is the client.
  'an empty one from the proxy': (n) => from(n % 2 === 0 ? '' : ', ,'),
};

async function runCases(tally: Tally, members: readonly Member[], redis: OwnRedis): Promise<number> {
  let slowest = 0;
  /** Of so many requests, to the two in turn (or to all at once), how many get past the limit. */
  const passed = async (count: number, headers: Headers, atOnce = false): Promise<number> => {
    const one = async (serial: number): Promise<number> => {
      const start = performance.now();
      const status = await send(members[serial % 2] as Member, headers(serial));
      slowest = Math.max(slowest, performance.now() - start);
      return status === 429 ? 0 : 1;
    };
    const serials = Array.from({ length: count }, (_, serial) => serial);
    if (atOnce) return sum(await Promise.all(serials.map(one)));
    let total = 0;
    for (const serial of serials) total += await one(serial);
    return total;
  };
  const expectPassed = async (
    name: string,
    work: Promise<number>,
    least: number,
    most = least,
  ): Promise<void> => {
    tally.count(
      name,
      await faultOf(async () => {
        const count = await work;
        return count >= least && count <= most ? null : `${count} got through`;
      }),
    );
  };

  await untilShared(members);
  for (const [name, headers] of Object.entries(oneClient)) {
    await expectPassed(name, passed(2 * limit, headers), limit);
  }
  await expectPassed(
    'forty at once',
    passed(40, () => from('192.0.2.40'), true),
    limit,
  );
  await expectPassed(
    'another IPv6 /56 has its own',
    passed(2, () => from('2001:db8:c:ff00::1')),
    2,
  );
  await expectPassed(
    'twenty clients have twenty budgets',
    passed(20, (n) => from(`192.0.2.${100 + n}`)),
    20,
  );

  await redis.kill();
  await expectPassed(
    'Redis killed: each counts by itself',
    passed(40, () => from('192.0.2.50')),
    limit,
    2 * limit,
  );
  await expectPassed(
    'Redis killed: at once',
    passed(60, () => from('192.0.2.51'), true),
    limit,
    2 * limit,
  );
  await expectPassed(
    'Redis killed: a spent client gets one budget more of each',
    passed(40, () => from('192.0.2.1')),
    0,
    2 * limit,
  );
  await redis.start();
  tally.count('Redis back: shared again', await faultOf(async () => untilShared(members)));
  await expectPassed(
    'Redis back: one budget',
    passed(2 * limit, () => from('192.0.2.52')),
    limit,
  );

  redis.freeze();
  await expectPassed(
    'Redis frozen: each counts by itself',
    passed(40, () => from('192.0.2.53')),
    limit,
    2 * limit,
  );
  redis.thaw();
  tally.count('Redis thawed: shared again', await faultOf(async () => untilShared(members)));
  for (const [index, member] of members.entries()) {
    const log = await member.log();
    const lines = (event: string): number => log.split(event).length - 1;
    const [away, back] = [lines('"rate-limit.store-away"'), lines('"rate-limit.store-back"')];
    // Once each for the kill and the freeze; a machine that stalls may bring one more.
    tally.check(
      `one warning for each outage, ${index + 1}`,
      away >= 2 && away <= 4 && back >= 2,
      `${away} away, ${back} back`,
    );
    tally.check(
      `nothing failed, ${index + 1}`,
      !log.includes('"http.failed"'),
      'a line says that something did',
    );
  }
  tally.check('no answer took three seconds', slowest < 3_000, `${Math.round(slowest)} ms`);
  return slowest;
}

/** 429, or 400 for the empty body. @throws Error for any other answer */
async function send({ port }: Member, headers: readonly string[]): Promise<number> {
  const bytes = requestText(
    `POST ${path} HTTP/1.1`,
    ['Host: x', 'Content-Type: application/json', 'Content-Length: 2', ...headers],
    '{}',
  );
  const response = await rawRequest(port, bytes, 10_000);
  const fault = contractFault({
    status: response.status,
    headers: { get: (name) => response.headers[name] ?? null },
    text: response.body,
  });
  if (fault) throw new Error(`${response.status}: ${fault}`);
  if (response.status !== 400 && response.status !== 429) throw new Error(`answered ${response.body}`);
  return response.status;
}

let strangers = 0;

/** What the second server says is left, after one request to the first, tells whether they count together. */
async function untilShared([one, other]: readonly Member[]): Promise<null> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    strangers += 1;
    const client = from(`203.0.${113 + (strangers >> 8)}.${strangers & 0xff}`);
    await send(one as Member, client);
    const bytes = requestText(`POST ${path} HTTP/1.1`, ['Host: x', 'Content-Length: 0', ...client]);
    const { headers } = await rawRequest((other as Member).port, bytes, 10_000);
    if (headers['ratelimit']?.includes(`r=${limit - 2};`)) return null;
    if (performance.now() > deadline) throw new Error('not within 30 s');
    await sleep(500);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
