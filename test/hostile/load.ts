import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFluentMeet } from '../../src/index.js';
import { atEnd } from '../support/at-end.js';
import { compiled } from '../support/compiled.js';
import { createDatabase } from '../support/postgres.js';
import { type AreaReport, createTally, type Tally } from './area.js';
import { watchOthers } from './cpu-share.js';
import type { LoadOrder, LoadResult } from './load-worker.js';
import { goodPassword, hostSecret, postJson } from './hostile-host.js';
import { startServe, type ServeProcess } from './serve-process.js';
import { percentile } from './signup-check.js';
import { migrateInTime } from '../support/migrate-in-time.js';

export interface LoadOptions {
  perSecond: number;
  seconds: number;
}

/** hashConcurrency and its queue of 32 each, as `serve` has them by default on two cores. */
const hashing = 2;
const mostPending = hashing * (1 + 32);
/** Ten seconds' worth of hashing by the module's word; twice that on a busy machine. */
const drainTime = 20_000;

/** MB that the flood may add: connections, buffers, a heap that grows before it is swept. */
const mostGrowth = 250;
/** Share of the processor that strangers may take before times say nothing about us. */
const mostOthers = 0.15;

/** A flood against one signup form of `fluentmeet serve`, passwords hashed at cost 12. */
export async function runLoad({ perSecond, seconds }: LoadOptions): Promise<AreaReport> {
  const tally = createTally('load');
  const database = await createDatabase();
  await migrate(database.url);
  const serve = await startServe({
    DATABASE_URL: database.url,
    FLUENTMEET_TRUST_PROXY: '1',
    FLUENTMEET_HASH_CONCURRENCY: String(hashing),
    LOG_LEVEL: 'error',
  });
  const bare = await startChild('./bare-server.ts');
  try {
    const [barePort] = (await once(bare, 'message')) as [number];
    await warmUp(serve);
    const before = serve.memory();
    const othersShare = watchOthers();
    let others = Number.NaN;
    const workBefore = serve.mainThreadTime();
    const probes = startProbes(serve, `http://127.0.0.1:${barePort}/`);
    const { result, over } = await flood({ url: `${serve.url}/signup`, perSecond, seconds }, async () => {
      probes.stopTiming();
      others = othersShare();
      return afterwards(serve);
    });
    const work = serve.mainThreadTime() - workBefore;
    const pendingAtEnd = await pendingWithin(serve, drainTime);
    const after = await timedSignup(serve, 'after-all');
    const { health, bareHealth, memory, pending } = await probes.stop();

    const p99 = percentile(health, 0.99);
    const bareP99 = percentile(bareHealth, 0.99);
    const peak = Math.max(...memory);
    const valid = result.valid;
    // What is true however busy the machine is.
    tally.check(
      'every answer is of its kind',
      result.wrong.length === 0,
      [...new Set(result.wrong)].slice(0, 5).join('; '),
    );
    tally.check('the rest is sent away with 503', (valid['503'] ?? 0) > 0, 'nobody was');
    tally.check(
      'hashing queue bounded',
      Math.max(0, ...pending) <= mostPending,
      `${Math.max(...pending)} waited`,
    );
    tally.check('hashing queue filled', Math.max(0, ...pending) > hashing, 'the load never filled it');
    tally.check('memory bounded', !(peak - before > mostGrowth), `from ${mb(before)} to ${mb(peak)}`);
    tally.check('the queue drains', pendingAtEnd === 0, `${pendingAtEnd} still wait`);
    tally.check('then a signup is accepted', after.status === 201, `${after.status} after ${ms(after.time)}`);
    tally.check('nothing half written', await isWhole(database.url), 'users, tokens and emails differ');
    // And what only a machine can show that has nothing else to do.
    const judge: Tally['check'] = others > mostOthers ? () => undefined : tally.check;
    judge('the rate was kept', result.sent >= perSecond * seconds * 0.95, `${result.sent} sent`);
    judge('every request is answered', result.unanswered === 0, `${result.unanswered} were not`);
    judge('people still get in', (valid['201'] ?? 0) >= seconds, `${valid['201'] ?? 0} accepted`);
    judge('503 comes at once', percentile(result.times['503'] ?? [0], 0.99) < 1_500, '503 was slow');
    judge('/healthz p99 under 50 ms', p99 < 50, `${ms(p99)}, a bare server ${ms(bareP99)}`);
    judge('/healthz normal a second after', over.health < 50, `took ${ms(over.health)}`);
    judge('refusals normal a second after', over.refusal < 100, `took ${ms(over.refusal)}`);
    judge(
      'a signup a second after is answered within the queue’s bound',
      (over.signup.status === 201 || over.signup.status === 503) && over.signup.time < drainTime,
      `${over.signup.status} after ${ms(over.signup.time)}`,
    );
    judge('then a signup takes as long as ever', after.time < 3_000, ms(after.time));
    return tally.report(
      [
        `${result.sent} requests in ${seconds} s`,
        ...Object.entries(result.statuses).map(([status, count]) => `${count}×${status}`),
        `${(work / result.sent).toFixed(1)} ms of the main thread each`,
        `/healthz p99 ${ms(p99)} (bare ${ms(bareP99)})`,
        `queue ${Math.max(0, ...pending)} of ${mostPending}`,
        `memory ${mb(before)} to ${mb(peak)}`,
        others > mostOthers
          ? `times not judged: others took ${percent(others)} of the processor`
          : `others ${percent(others)}`,
      ].join(', '),
    );
  } finally {
    if (bare.connected) bare.disconnect();
    await serve.stop();
    await database.drop();
  }
}

async function migrate(url: string): Promise<void> {
  const fluentmeet = createFluentMeet({
    database: url,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret: hostSecret,
  });
  await migrateInTime(fluentmeet);
  await fluentmeet.stop();
}

async function startChild(file: string): Promise<ChildProcess> {
  const child = fork(compiled(new URL(file, import.meta.url)), { execArgv: [] });
  atEnd(async () => void (child.connected && child.disconnect()));
  await once(child, 'spawn');
  return child;
}

/** Code compiled, connections open, caches filled: growth from here on is the load's. */
async function warmUp(serve: ServeProcess): Promise<void> {
  for (let index = 0; index < 200; index++) {
    const response = await postJson(`${serve.url}/signup`, '{}', {
      'x-forwarded-for': `198.51.100.${index}`,
    });
    await response.text();
  }
  await Promise.all(Array.from({ length: 8 }, (_, index) => timedSignup(serve, `warm-${index}`)));
  await timedSignup(serve, 'known');
}

interface Over {
  health: number;
  refusal: number;
  signup: { status: number; time: number };
}

async function flood(
  order: LoadOrder,
  whenOver: () => Promise<Over>,
): Promise<{ result: LoadResult; over: Over }> {
  const worker = await startChild('./load-worker.ts');
  worker.send(order);
  await once(worker, 'message');
  const [over, [result]] = await Promise.all([whenOver(), once(worker, 'message')]);
  return { over, result: result as LoadResult };
}

/** A second after the end: medians, so that one pause of the machine decides nothing. */
async function afterwards(serve: ServeProcess): Promise<Over> {
  await sleep(1_000);
  const signup = timedSignup(serve, 'afterwards');
  const health: number[] = [];
  const refusal: number[] = [];
  for (let index = 0; index < 15; index++) {
    health.push(await timed(() => fetch(`${serve.origin}/healthz`).then((response) => response.text())));
    const address = { 'x-forwarded-for': `203.0.113.${index}` };
    refusal.push(
      await timed(() => postJson(`${serve.url}/signup`, '{}', address).then((response) => response.text())),
    );
  }
  return { health: percentile(health, 0.5), refusal: percentile(refusal, 0.5), signup: await signup };
}

let clients = 0;

/** Each from an address of its own: the limit is not what is measured here. */
async function timedSignup(serve: ServeProcess, name: string): Promise<{ status: number; time: number }> {
  const client = `198.18.0.${++clients}`;
  let status = 0;
  const time = await timed(async () => {
    const response = await postJson(
      `${serve.url}/signup`,
      { email: `${name}@example.com`, password: goodPassword },
      { 'x-forwarded-for': client },
    );
    await response.text();
    ({ status } = response);
  });
  return { status, time };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** In this process, which does nothing else meanwhile. */
function startProbes(serve: ServeProcess, bareUrl: string) {
  const health: number[] = [];
  const bareHealth: number[] = [];
  const memory: number[] = [];
  const pending: number[] = [];
  const agent = new http.Agent({ keepAlive: true });
  let timing = true;
  let running = true;
  const everyWhile = async (pause: number, work: () => Promise<void>): Promise<void> => {
    while (running) {
      await work();
      await sleep(pause);
    }
  };
  const loops = [
    everyWhile(20, async () => {
      const time = await getTime(`${serve.origin}/healthz`, agent);
      if (timing) health.push(time);
    }),
    everyWhile(20, async () => {
      const time = await getTime(bareUrl, agent);
      if (timing) bareHealth.push(time);
    }),
    everyWhile(250, async () => void memory.push(serve.memory())),
    everyWhile(500, async () => void pending.push(await pendingNow(serve))),
  ];
  return {
    stopTiming() {
      timing = false;
    },
    async stop() {
      running = false;
      await Promise.all(loops);
      agent.destroy();
      return { health, bareHealth, memory, pending };
    },
  };
}

/** The time until the answer is there; ten seconds where there is none. */
function getTime(url: string, agent: http.Agent): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    const request = http.get(url, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200 ? performance.now() - start : 10_000));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(10_000));
  });
}

async function pendingNow(serve: ServeProcess): Promise<number> {
  const response = await fetch(`${serve.adminUrl}/metrics`);
  return Number(/^fluentmeet_passwords_pending (\d+)/m.exec(await response.text())?.[1]);
}

async function pendingWithin(serve: ServeProcess, time: number): Promise<number> {
  const deadline = performance.now() + time;
  for (;;) {
    const pending = await pendingNow(serve);
    if (pending === 0 || performance.now() > deadline) return pending;
    await sleep(100);
  }
}

async function isWhole(url: string): Promise<boolean> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select (select count(*) from users) = (select count(*) from verification_tokens)
          and (select count(*) from users) = (select count(*) from email_outbox) as whole`,
    );
    return rows[0]?.whole === true;
  } finally {
    await client.end();
  }
}

const ms = (value: number): string => `${Math.round(value)} ms`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const mb = (value: number): string => `${Math.round(value)} MB`;
