import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { createMailer, type Mailer, type MailerOptions } from '../../src/mailer/mailer.js';
import { createMemorySentLog } from '../../src/mailer/sent-log.js';
import { mailTopics, type MailTopics } from '../../src/mailer/topics.js';
import { createMailWriter } from '../../src/publishers/smtp/mail-writer.js';
import { compiled } from '../support/compiled.js';
import { createTopic, kafkaForTests, type TestKafka } from '../support/kafka.js';
import { type CapturedLogger, captureLogger } from '../support/log-capture.js';
import { type SmtpRules, startSmtp, type TestSmtp } from '../support/smtp.js';
import type { MailerProcessSettings } from './mailer-process.js';

/** A mailer, the topics it works on and the SMTP server it sends to, all real. */
export interface MailStage {
  brokers: string[];
  topics: MailTopics;
  smtp: TestSmtp;
  logger: CapturedLogger;
  /** Starts one more; the first when it is called once. */
  startMailer(options?: Partial<MailerOptions>): Mailer;
  /** One as a process of its own, for killing it; killed with the stage at the latest. */
  startProcess(settings?: Partial<MailerProcessSettings>, env?: NodeJS.ProcessEnv): ChildProcess;
  /** To whom the mails went, in the order of their coming. */
  addresses(): string[];
  publish(...messages: Message[]): Promise<void>;
  /** To another of the topics, and of any number. */
  publishTo(topic: string, messages: readonly Message[]): Promise<void>;
  /** Waits for so many events of this name in the log. */
  untilEvents(event: string, count?: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Quick enough for a test to see several tries. */
export const quick = { retry: { first: 200, most: 400 }, outage: { first: 50, most: 200 }, move: 500 };

/** A server that takes its time: some mails are under way at any moment, and hundreds last for seconds. */
export const unhurried = (milliseconds: number): SmtpRules => ({ dataLater: () => delay(milliseconds) });

/**
 * @param fast the mails are many, and not looked into
 * @param own the Kafka to be at, where it is not the run's
 */
export async function openStage(
  rules: SmtpRules = {},
  partitions = 1,
  fast = false,
  own?: TestKafka,
): Promise<MailStage> {
  const kafka = own ?? (await kafkaForTests());
  if (!('brokers' in kafka)) throw new Error(kafka.unavailable);
  const { brokers } = kafka;
  const topics = mailTopics(`mail-${randomBytes(6).toString('hex')}`);
  for (const topic of Object.values(topics)) await createTopic(brokers, topic as string, { partitions });
  const smtp = await startSmtp(rules, { fast });
  const logger = captureLogger();
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const closers: (() => Promise<unknown>)[] = [() => producer.disconnect(), () => smtp.stop()];
  return {
    brokers,
    topics,
    smtp,
    logger,
    startMailer(options = {}) {
      const writer = createMailWriter({ url: `${smtp.url}?tls=off`, from: 'no-reply@example.com' });
      const mailer = createMailer({
        ...{ kafka: { brokers }, topics, writer, logger, maxAttempts: 10 },
        ...{ sentLog: createMemorySentLog(), timing: quick },
        ...options,
      });
      mailer.start();
      closers.push(async () => {
        await mailer.stop();
        await writer.close();
      });
      return mailer;
    },
    startProcess(settings = {}, env = {}) {
      const whole: MailerProcessSettings = {
        ...{ brokers, topic: topics.main, url: `${smtp.url}?tls=off`, tryLength: 1_000 },
        ...settings,
      };
      const [clock, file] = ['test/faults/shift-clock.ts', 'test/mailer/mailer-process.ts'];
      const args = ['--import', compiled(clock), compiled(file), JSON.stringify(whole)];
      const child = spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, ...env } });
      closers.push(async () => child.kill('SIGKILL'));
      return child;
    },
    addresses: () => smtp.mails.map(({ to }) => to[0] ?? ''),
    async publish(...messages) {
      await producer.send({ topic: topics.main, messages });
    },
    async publishTo(topic, messages) {
      // A hundred at a time: whatever they hold, Kafka takes them.
      for (let from = 0; from < messages.length; from += 100)
        await producer.send({ topic, messages: messages.slice(from, from + 100) });
    },
    async untilEvents(event, count = 1, timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      const found = () => logger.entries.filter(({ data }) => data.event === event).length;
      while (found() < count) {
        if (Date.now() > deadline)
          throw new Error(`${found()} × ${event} in ${timeoutMs} ms, not ${count}:\n${logger.text()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      for (const close of closers.toReversed()) await close();
    },
  };
}

/** A message as the relay publishes it. */
export function emailMessage(
  to: string,
  { headers = {}, ...value }: { headers?: Record<string, string>; [key: string]: unknown } = {},
): Message {
  const now = Date.now();
  return {
    key: '7',
    value: JSON.stringify({
      to,
      subject: 'Verify your FluentMeet account',
      template: 'verification',
      data: { full_name: 'Ada Lovelace', verification_link: 'https://app.example.com/verify?token=t' },
      ...value,
    }),
    headers: {
      'event-id': randomUUID(),
      'event-type': 'email.verification',
      'content-type': 'application/json',
      'schema-version': '1',
      language: 'en',
      'created-at': new Date(now).toISOString(),
      'expires-at': new Date(now + 86_400_000).toISOString(),
      ...headers,
    },
  };
}
