/**
 * What compose.yaml starts, without Docker: PostgreSQL, Kafka, Redis where it is installed, an SMTP server that shows
 * its mails here, and serve, relay and mailer as processes of their own. In a clone: `npm run all`. With `-- --try` it
 * signs one person up, waits for the mail and ends.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { type LifelineProcess, spawnWithLifeline } from '../../src/dev/lifeline.js';
import { atEnd, runAtEnd } from '../../test/support/at-end.js';
import { compiled } from '../../test/support/compiled.js';
import { createTopic, kafkaForTests } from '../../test/support/kafka.js';
import { freePorts } from '../../test/support/processes.js';
import { startOwnRedis } from '../../test/support/redis.js';
import { startSmtp, type TestSmtp } from '../../test/support/smtp.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const fluentmeet = [process.execPath, compiled('bin/fluentmeet.ts')] as const;

const person = {
  email: 'hanako@example.com',
  password: 'a long and quiet river',
  full_name: '山田 花子',
  listening_language: 'ja',
};

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
try {
  await Promise.race([main(), stopped]);
} finally {
  await runAtEnd();
}
process.exit();

async function main(): Promise<void> {
  const smtp = await startSmtp();
  atEnd(() => smtp.stop());
  const [port, relayPort, mailerPort] = (await freePorts(3)) as [number, number, number];
  const folder = await mkdtemp(path.join(tmpdir(), 'fluentmeet-all-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const settings = await startServices(folder, port, smtp.url);
  const env = { ...process.env, LOG_LEVEL: 'info', ...settings };
  const [node, ...command] = fluentmeet;
  await promisify(execFile)(node, [...command, 'migrate', 'up'], { cwd: root, env });
  await Promise.all([
    start(folder, ['serve', '--no-relay'], { ...env, PORT: String(port) }, port),
    start(folder, ['relay'], { ...env, FLUENTMEET_ADMIN_PORT: String(relayPort) }, relayPort),
    start(folder, ['mailer'], { ...env, FLUENTMEET_ADMIN_PORT: String(mailerPort) }, mailerPort),
  ]);
  const url = `http://127.0.0.1:${port}`;
  say(`Sign up at ${url} (POST /api/v1/auth/signup). Mails are shown here. Ctrl-C stops everything.`);
  say(
    `Logs, as long as it runs: ${['serve', 'relay', 'mailer'].map((name) => logOf(folder, name)).join(' ')}`,
  );
  const exported = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  say(`For other commands, doctor say, in another terminal: export ${exported.join(' ')}`);
  if (process.argv.includes('--try')) {
    await signUp(url);
    await smtp.untilMails(1, 60_000);
    showMails(smtp, 0);
  } else {
    let shown = 0;
    const showing = setInterval(() => (shown = showMails(smtp, shown)), 200);
    await stopped;
    clearInterval(showing);
  }
}

/** The variables of the three processes. */
async function startServices(folder: string, port: number, smtpUrl: string): Promise<Record<string, string>> {
  say('PostgreSQL …');
  const postgres = await startEmbeddedPostgres({ dataDirectory: path.join(folder, 'postgres') });
  atEnd(() => postgres.stop());
  say('Kafka (fetched once, which takes minutes) …');
  const kafka = await kafkaForTests();
  if ('unavailable' in kafka) throw new Error(kafka.unavailable);
  // The module never creates its topics: how many partitions and copies they have is the operator's decision.
  for (const topic of ['notifications.email', 'notifications.email.retry', 'notifications.email.dead']) {
    await createTopic(kafka.brokers, topic, { partitions: 6 });
  }
  say('Redis …');
  const redis = await startOwnRedis().catch(() => undefined);
  if (redis) atEnd(() => redis.stop());
  else say('There is none: each process limits and remembers by itself.');
  return {
    DATABASE_URL: postgres.url,
    KAFKA_BROKERS: kafka.brokers.join(','),
    REDIS_URL: redis?.url ?? '',
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'no-reply@example.com',
    FLUENTMEET_PUBLIC_URL: `http://127.0.0.1:${port}`,
    FLUENTMEET_SECRET: randomBytes(32).toString('hex'),
  };
}

/** Ends with this process, however that ends. Resolves once it is ready. */
async function start(
  folder: string,
  command: readonly [name: string, ...flags: string[]],
  env: NodeJS.ProcessEnv,
  port: number,
): Promise<void> {
  const name = `fluentmeet ${command.join(' ')}`;
  say(`${name} …`);
  const log = logOf(folder, command[0]);
  const logged = ['/bin/sh', '-c', 'exec "$@" >"$0" 2>&1', log, ...fluentmeet, ...command];
  const child = await spawnWithLifeline(logged, { cwd: root, env, signals: { ask: 'TERM', insist: 'KILL' } });
  let isEnding = false;
  void child.exited.then(() => isEnding || say(`${name} has ended; the others go on.`));
  atEnd(() => {
    isEnding = true;
    return child.stop();
  });
  await untilReady(`http://127.0.0.1:${port}/readyz`, child, log);
}

function logOf(folder: string, name: string): string {
  return path.join(folder, `${name}.log`);
}

async function untilReady(url: string, child: LifelineProcess, log: string): Promise<void> {
  const isReady = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  const deadline = Date.now() + 90_000;
  while (!(await isReady())) {
    if (child.hasExited() || Date.now() > deadline)
      throw new Error(`${url} is not ready: ${await readFile(log, 'utf8')}`);
    await sleep(100);
  }
}

async function signUp(url: string): Promise<void> {
  const { status } = await fetch(`${url}/api/v1/auth/signup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(person),
  });
  say(`${person.email} signed up: ${status}`);
  if (status !== 201) throw new Error(`the signup was answered ${status}`);
}

function showMails({ mails }: TestSmtp, from: number): number {
  for (const { to, parsed } of mails.slice(from)) {
    say(`\nTo: ${to.join(', ')}\nSubject: ${parsed.subject}\n\n${parsed.text}`);
  }
  return mails.length;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
