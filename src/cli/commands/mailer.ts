import type { Logger } from '../../logger.js';
import { createMailer, type Mailer } from '../../mailer/mailer.js';
import { createRedisSentLog } from '../../mailer/redis-sent-log.js';
import { createMemorySentLog, type SentLog } from '../../mailer/sent-log.js';
import { mailTopics } from '../../mailer/topics.js';
import { type Config, parseOptions } from '../../options.js';
import { createMailWriter, type MailWriter } from '../../publishers/smtp/mail-writer.js';
import type { Cli } from '../cli.js';
import type { ExitCode } from '../cli-error.js';
import { readSettings, type Settings, type SettingsRequest } from '../options-from-env.js';
import type { Defer } from '../server/cleanup.js';
import { connectRedis } from '../server/redis-client.js';
import { runServer } from '../server/run-server.js';
import { createMailerHealth } from './mailer-health.js';
import { countMails } from './mailer-metrics.js';
import { sendTestMails } from './mailer-test.js';

export async function mailer(
  cli: Cli,
  { test, language = 'en' }: { test?: string; language?: string },
): Promise<ExitCode | void> {
  if (test !== undefined) {
    const settings = readSettings(cli.io, request(['SMTP_URL', 'MAIL_FROM']));
    return sendTestMails(cli, openWriter(settings, parseOptions(settings.options)), test, language);
  }
  const settings = readSettings(cli.io, request(['KAFKA_BROKERS', 'SMTP_URL', 'MAIL_FROM']));
  return run(cli, settings);
}

function request(required: SettingsRequest['required']): SettingsRequest {
  return { groups: ['kafka', 'emails', 'server'], required };
}

function openWriter({ mail }: Settings, { brand, words, renderEmail }: Config): MailWriter {
  const { url, from } = mail as NonNullable<Settings['mail']>;
  return createMailWriter({ url, from, brand, words, renderEmail });
}

function run(cli: Cli, settings: Settings): Promise<ExitCode> {
  const { server } = settings;
  const config = parseOptions(settings.options);
  return runServer(cli, server, 'mailer', async ({ logger, metrics, defer, ...running }) => {
    const writer = openWriter(settings, config);
    defer(() => writer.close());
    const topics = mailTopics(config.emailTopic);
    const counting = countMails(metrics.registry);
    const mailing: Mailer = createMailer({
      ...{ kafka: config.kafka as NonNullable<Config['kafka']>, topics, logger },
      ...{ writer, sentLog: await openSentLog(server.redisUrl, topics.main, logger, defer) },
      maxAttempts: config.emailMaxAttempts,
      onSent: (seconds) => counting.onSent(seconds),
    });
    counting.observe(mailing);
    const health = createMailerHealth(mailing);
    await running.listenForAdmin(health);
    mailing.start();
    defer(() => mailing.stop());
    logger.info({ event: 'mailer.started', topic: topics.main }, 'Sending the emails of the topic');
    await running.untilStopped();
    health.drain();
  });
}

async function openSentLog(
  redisUrl: string | undefined,
  topic: string,
  logger: Logger,
  defer: Defer,
): Promise<SentLog> {
  if (redisUrl === undefined) return createMemorySentLog();
  const redis = await connectRedis(redisUrl, logger);
  defer(() => redis.close());
  return createRedisSentLog(redis, `fluentmeet:mail:${topic}:`, logger);
}
