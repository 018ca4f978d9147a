/**
 * A day in an hour: `npm run test:day [-- --minutes 60]`. 300 signups a minute, of whom most verify by the link in their
 * mail, some ask for it again, and some have it replayed by an operator. Every two minutes another part is restarted, by
 * SIGTERM and by SIGKILL in turn; Kafka is away for a twelfth of the time. In the end every account has exactly the mails it
 * ought to have. Docs: docs/reliability.md.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createFluentMeet } from '../../src/index.js';
import { mailTopics } from '../../src/mailer/topics.js';
import { runAtEnd } from '../support/at-end.js';
import { spawnWithLifeline, type LifelineProcess } from '../../src/dev/lifeline.js';
import { createTopic, startOwnKafka } from '../support/kafka.js';
import { startOwnPostgres } from '../support/postgres.js';
import { startOwnRedis } from '../support/redis.js';
import { startSmtp } from '../support/smtp.js';
import type { MailerProcessSettings } from '../mailer/mailer-process.js';
import type { Child } from './child-process.js';
import { connectHarness } from './connect.js';
import { createInbox, type SentEmail } from './inbox.js';
import { until } from './services.js';
import { createStage, secret, signupUrl, type Stage } from './stage.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
const perSecond = 5;
/** Of those who got their mail: who verifies, who asks for another, who gets one from an operator. */
const habits = { verify: 0.7, resend: 0.1, replay: 0.02 };
const restartEvery = Math.min(120_000, (minutes * 60_000) / 12);
/** Mails that one mailer has in hand when it is killed. */
const inHand = 10;

process.exitCode = await main();

async function main(): Promise<number> {
  const closers: (() => Promise<unknown> | void)[] = [];
  try {
    return await day((close) => void closers.push(close));
  } finally {
    for (const close of closers.toReversed()) await Promise.resolve(close()).catch(() => undefined);
    await runAtEnd();
  }
}

async function day(defer: Stage['defer']): Promise<number> {
  const [kafka, postgres, redis, smtp] = await Promise.all([
    startOwnKafka({}, 10),
    startOwnPostgres(),
    startOwnRedis(),
    startSmtp({}, { fast: true }),
  ]);
  const services = { brokers: kafka.brokers, ownKafka: async () => kafka, ownPostgres: async () => postgres };
  const stage = createStage({ services, size: 0, perSecond, defer });
  await stage.migrate(await stage.createDatabase(true));
  await stage.createTopic({ partitions: 6 });
  const { retry, dead } = mailTopics(stage.topic);
  for (const topic of [retry, dead]) await createTopic(kafka.brokers, topic, { partitions: 6 });
  // People sign up from everywhere, and the harness from one address.
  const rateLimits = { signup: 1_000_000, verify: 1_000_000, resend: 1_000_000 };
  const setting = { hostRelay: false, options: { rateLimits } };
  const driver = await stage.start({ ...setting, hosts: 2 });
  let mailer = await startMailer({
    brokers: kafka.brokers,
    topic: stage.topic,
    url: smtp.url,
    redis: redis.url,
  });
  defer(() => mailer.stop());
  const operator = createFluentMeet({
    database: stage.databaseUrl,
    publisher: 'none',
    publicUrl: 'https://app.example.com',
    secret,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  defer(() => operator.stop());

  let kills = 0;
  const restarts: Record<string, (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>> = {
    async host(signal) {
      const leaving = runningOf(stage, stage.hosts)[0] as Child;
      const staying = runningOf(stage, stage.hosts)[1] as Child;
      driver.target([await signupUrl(staying)]);
      // A load balancer takes it out of the row before.
      await delay(1_000);
      await stage.release(leaving, signal);
      const back = await stage.startHost(setting);
      driver.target([await signupUrl(staying), await signupUrl(back)]);
    },
    async relay(signal) {
      await stage.release(runningOf(stage, stage.relays)[0] as Child, signal);
      if (signal === 'SIGKILL') kills += 1;
      await stage.startRelay(setting);
    },
    async mailer(signal) {
      process.kill(mailer.pid, signal);
      if (signal === 'SIGKILL') kills += 1;
      await mailer.exited;
      mailer = await startMailer({
        brokers: kafka.brokers,
        topic: stage.topic,
        url: smtp.url,
        redis: redis.url,
      });
    },
    async postgres() {
      await postgres.restart();
    },
    async smtp() {
      await smtp.stop();
      await delay(5_000);
      await smtp.start();
    },
  };

  const inbox = createInbox({
    smtp,
    habits,
    url: async (path) => new URL(path, await signupUrl(runningOf(stage, stage.hosts)[0] as Child)).href,
    replay: async (email) => (await operator.replayEmails({ email, status: 'published' })).replayed.length,
  });
  const ends = Date.now() + minutes * 60_000;
  const away = { from: ends - minutes * 30_000, length: minutes * 5_000 };
  const outage = (async () => {
    await delay(away.from - Date.now());
    say(`Kafka is away for ${away.length / 1000} s`);
    await kafka.kill();
    await delay(away.length);
    await kafka.start();
    say('Kafka is back');
  })();
  for (let turn = 0; Date.now() + restartEvery < ends; turn++) {
    await delay(restartEvery);
    const names = Object.keys(restarts);
    const name = names[turn % names.length] as string;
    const signal = Math.floor(turn / names.length) % 2 === 0 ? 'SIGTERM' : 'SIGKILL';
    say(`${name}: ${signal}`);
    await restarts[name]?.(signal);
  }
  await delay(Math.max(0, ends - Date.now()));
  await outage;
  await driver.stop();

  const client = await connectHarness(stage.databaseUrl);
  try {
    await until('every email is out', 120, async () => {
      const { rows } = await client.query(
        "select from email_outbox where status in ('pending', 'held') limit 1",
      );
      return rows.length === 0;
    });
    const look = async () => {
      const { rows } = await client.query<SentEmail>(
        'select u.email, o.event_id, o.status from email_outbox o join users u on u.id = o.user_id',
      );
      return inbox.holdAgainst(rows, driver.answers);
    };
    // Kafka waits for a mailer that was killed before another has its partitions. What is missing is counted below.
    await until('every mail is there', 240, async () => (await look()).counts.missing === 0).catch(
      () => undefined,
    );
    await inbox.quiet(15);
    const report = await look();
    console.log(JSON.stringify({ minutes, kills, ...report.counts }, undefined, 2));
    const faults = [...report.faults];
    if (report.counts.twice > kills * inHand)
      faults.push(`${report.counts.twice} mails twice, of ${kills} kills`);
    console.log(faults.length === 0 ? 'ok' : `FAILED: ${faults.join('; ')}`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}

function runningOf(stage: Stage, children: readonly Child[]): Child[] {
  return children.filter((child) => child.ended === undefined && !stage.released.has(child));
}

function startMailer(settings: Omit<MailerProcessSettings, 'tryLength'>): Promise<LifelineProcess> {
  const entry = fileURLToPath(new URL('../mailer/mailer-process.ts', import.meta.url));
  const argument = JSON.stringify({ ...settings, tryLength: 20_000 });
  return spawnWithLifeline([process.execPath, '--import', 'tsx', entry, argument], {
    env: process.env,
    signals: { ask: 'TERM', insist: 'KILL' },
  });
}

function say(line: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
}
