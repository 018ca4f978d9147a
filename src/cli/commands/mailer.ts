import type { Logger } from '../../logger.js';
import { faultMessages } from '../../faults.js';
import { createMailer, type Mailer } from '../../mailer/mailer.js';
import { createRedisSentLog } from '../../mailer/redis-sent-log.js';
import { createMemorySentLog, type SentLog } from '../../mailer/sent-log.js';
import { mailTopics } from '../../mailer/topics.js';
import { type Config, parseOptions } from '../../options/options.js';
import { sampleEmail } from '../../outbox/sample-email.js';
import { type EmailTemplate, templateNames } from '../../outbox/templates.js';
import { createMailWriter, type MailWriter } from '../../publishers/smtp/mail-writer.js';
import { SmtpError } from '../../publishers/smtp/smtp-error.js';
import { canonicalEmailAddress } from '../../users/email-address.js';
import { canonicalLanguageTag } from '../../users/language.js';
import type { Cli } from '../cli.js';
import { CliError, type ExitCode, exitCodes, UsageError } from '../cli-error.js';
import { readSettings, type Settings, type SettingsRequest } from '../settings/options-from-env.js';
import type { Defer } from '../server/cleanup.js';
import { connectRedis } from '../server/redis-client.js';
import { createProbes, type Health } from '../server/health.js';
import { runServer } from '../server/run-server.js';
import { countMails } from '../server/mailer-metrics.js';

interface MailerFlags {
  /** The address. */
  test?: string;
  language?: string;
  json?: boolean;
  reveal?: boolean;
}

export async function mailer(cli: Cli, { test, ...flags }: MailerFlags): Promise<ExitCode | void> {
  if (test !== undefined) {
    const language = languageOf(flags);
    const settings = readSettings(cli.io, request(['SMTP_URL', 'MAIL_FROM']));
    return sendTestMails(cli, openWriter(settings, parseOptions(settings.options)), test, language);
  }
  refuseTestFlags(flags);
  const settings = readSettings(cli.io, request(['KAFKA_BROKERS', 'SMTP_URL', 'MAIL_FROM']));
  return run(cli, settings);
}

function languageOf({ language = 'en' }: MailerFlags): string {
  const canonical = canonicalLanguageTag(language);
  if (!canonical.ok) throw new UsageError(`--language: ${faultMessages[canonical.fault]}`);
  return canonical.tag;
}

/** Whoever gives them means to try, and not to send everybody's mails. */
function refuseTestFlags({ language, json, reveal }: MailerFlags): void {
  const given = Object.entries({ language, json, reveal }).find(([, value]) => value !== undefined);
  if (given)
    throw new UsageError(`--${given[0]} goes with --test alone: without it the mails of the topic are sent`);
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

/** `/healthz`: this process runs. `/readyz`: it reads the topic, and the SMTP server answered last. */
function createMailerHealth(
  mailer: Pick<Mailer, 'kafka' | 'awayReason' | 'smtp'>,
): Pick<Health, 'router' | 'drain'> {
  let draining = false;
  return {
    router: createProbes(async () => {
      const { kafka, awayReason, smtp } = mailer;
      const works = kafka === 'joined' && smtp === 'answering' ? 'ready' : 'not ready';
      const status = draining ? 'stopping' : works;
      return { status, kafka, ...(awayReason && { reason: awayReason }), smtp };
    }),
    drain() {
      draining = true;
    },
  };
}

const longestTry = 60_000;

/** One mail of each template, with a link that leads nowhere. */
async function sendTestMails(
  { io, output, mask }: Cli,
  writer: MailWriter,
  to: string,
  language: string,
): Promise<void> {
  const canonical = canonicalEmailAddress(to);
  if (!canonical.ok) throw new UsageError('--test is not an email address');
  const sent: { template: EmailTemplate; event_id: string }[] = [];
  try {
    for (const template of templateNames) {
      const email = sampleEmail({ template, to: canonical.address, language });
      await writer.send(email, AbortSignal.timeout(longestTry));
      sent.push({ template, event_id: email.headers['event-id'] });
    }
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    throw new CliError(error.message, {
      exitCode: error.outage ? exitCodes.unreachable : exitCodes.failed,
      advice: adviceFor(error, io),
      cause: error,
    });
  } finally {
    await writer.close();
  }
  output.result({ to: mask.address(canonical.address), sent }, () => {
    for (const { template } of sent)
      output.line(template, ': accepted by the server for ', mask.address(canonical.address));
  });
}

/** The settings are to blame where nobody's mail would have gone: else the server took them, or was not asked. */
function adviceFor({ code, outage, reply }: SmtpError, { hostOptions }: Cli['io']): string | undefined {
  // Its message says what to install.
  if (code === 'missing') return undefined;
  if (outage) return 'Fix SMTP_URL or MAIL_FROM; "fluentmeet doctor" looks closer.';
  return code === 'refused' && reply === undefined && hostOptions?.renderEmail
    ? 'Fix the renderEmail of --config.'
    : 'It is this mail that is not taken: try another address, or later.';
}
