import { ServiceUnavailableError } from '../../errors.js';
import { describeError } from '../../logger.js';
import { mailTopics } from '../../mailer/topics.js';
import { adaptPublisher } from '../../outbox/ask-publisher.js';
import type { FluentMeetOptions } from '../../options/options.js';
import type { Cli } from '../cli.js';
import { exitCodes, type ExitCode } from '../cli-error.js';
import { countOf } from '../count-of.js';
import { checkSettings } from '../doctor/check-settings.js';
import { fail, type Finding, ok, unreachable, warn } from '../doctor/finding.js';
import { namesSchema } from '../other-schemas.js';
import {
  inspectSettings,
  knowsSecret,
  type Settings,
  type SettingsRequest,
} from '../settings/options-from-env.js';
import { type Style, styled } from '../terminal/cell.js';
import { unavailableInWords } from '../unavailable-in-words.js';
import type { VariableGroup } from '../settings/variables.js';
import { withFluentMeet } from '../with-fluentmeet.js';

/** A lock on a table of ours is a finding, and not for a minute's wait. */
const queryTimeout = '15s';

export async function doctor(cli: Cli, { quiet = false }: { quiet?: boolean }): Promise<ExitCode | void> {
  const findings = [
    ...checkSettings(cli.io),
    ...(await checkDatabase(cli)),
    ...(await checkBrokers(cli)),
    ...(await checkSmtpIfSet(cli)),
    ...(await checkRedisIfSet(cli)),
  ];
  const failed = findings.filter(({ status }) => status === 'fail');
  const shown = findings
    .filter(({ status }) => !quiet || status !== 'ok')
    .map((finding): Finding => ({
      ...finding,
      ...(finding.advice && { advice: cli.output.advice(finding.advice) }),
    }));
  const checks = shown.map(({ check, status, message, advice = null }) => ({
    check,
    status,
    message,
    advice,
  }));
  cli.output.result({ ok: failed.length === 0, checks }, () => show(cli, shown));
  if (failed.some(({ unreachable }) => unreachable)) return exitCodes.unreachable;
  return failed.length > 0 ? exitCodes.failed : undefined;
}

/** Each group is looked at by itself, so that one fault does not hide the next: undefined where it has one. */
function settingsOf(
  { io }: Cli,
  group: VariableGroup,
  required: SettingsRequest['required'] = [],
): Settings | undefined {
  return inspectSettings(io, { groups: [group], required }).settings;
}

async function checkDatabase(cli: Cli): Promise<Finding[]> {
  const settings = settingsOf(cli, 'database');
  if (!settings) return [];
  const { checkConnection } = await import('../doctor/check-connection.js');
  const connection = await checkConnection(settings.options.database);
  if (connection.some(({ unreachable }) => unreachable)) return connection;
  const canCompare = knowsSecret(cli.io);
  const groups: VariableGroup[] = canCompare ? ['database', 'links'] : ['database'];
  const { checkContents } = await import('../doctor/check-contents.js');
  const findings = [...connection];
  const request = { groups, queryTimeout };
  try {
    await withFluentMeet(cli, request, (internals) =>
      checkContents(internals, findings, { knowsSecret: canCompare, namesSchema: namesSchema(cli.io) }),
    );
  } catch (error) {
    findings.push(contentsFinding(error));
  }
  return findings;
}

/** Of a statement that failed where the database had answered a moment before. */
function contentsFinding(error: unknown): Finding {
  if (error instanceof ServiceUnavailableError) {
    const { message, advice } = unavailableInWords(error);
    return unreachable('database', message, advice);
  }
  return fail('schema', describeError(error).message, 'Fix what the message says; --debug says more.');
}

async function checkBrokers(cli: Cli): Promise<Finding[]> {
  // In brackets, so that a publisher of the host's is enough.
  const settings = settingsOf(cli, 'kafka', [['KAFKA_BROKERS']]);
  if (!settings) return [];
  const { checkKafka } = await import('../doctor/check-kafka.js');
  return withFluentMeet(cli, { groups: ['kafka'] }, async (internals) => {
    const { publisher, config } = internals;
    if (!publisher) return [];
    if (!config.kafka) return settings.mail ? [] : [await checkPublisher(cli.io.hostOptions?.publisher)];
    const findings = await checkKafka(publisher, config.emailTopic);
    // With a mail server beside Kafka these are the settings of a mailer, which wants two topics more.
    if (!settings.mail)
      return [...findings, ok('mailer', 'not looked at: SMTP_URL or MAIL_FROM is not set here')];
    if (findings[0]?.status !== 'ok') {
      const again = 'Run it again once Kafka answers.';
      return [...findings, warn('mailer', 'not looked at: Kafka cannot be asked (above)', again)];
    }
    const { createKafkaPublisher } = await import('../../publishers/kafka/kafka-publisher.js');
    const { checkMailer } = await import('../doctor/check-mailer.js');
    const topics = mailTopics(config.emailTopic);
    for (const topic of [topics.retry, topics.dead]) {
      const asking = createKafkaPublisher({ kafka: config.kafka, topic, logger: cli.logger });
      findings.push(...(await checkKafka(asking, topic)).slice(1));
    }
    return [...findings, ...(await checkMailer(config.kafka, topics, cli.logger))];
  });
}

/** The host's own, where neither Kafka nor SMTP_URL takes its place. */
async function checkPublisher(publisher: FluentMeetOptions['publisher']): Promise<Finding> {
  if (typeof publisher !== 'object' || !publisher.check) {
    return ok('publisher', "the host's own, which has no check");
  }
  try {
    await adaptPublisher(publisher).check();
    return ok('publisher', "the host's own is ready");
  } catch (error) {
    return unreachable(
      'publisher',
      `the host's own is not ready: ${describeError(error).message}`,
      'Emails wait in the outbox meanwhile.',
    );
  }
}

async function checkSmtpIfSet(cli: Cli): Promise<Finding[]> {
  const mail = settingsOf(cli, 'kafka')?.mail;
  if (!mail) return [];
  const { checkSmtp } = await import('../doctor/check-smtp.js');
  return checkSmtp(mail.url);
}

async function checkRedisIfSet(cli: Cli): Promise<Finding[]> {
  const url = settingsOf(cli, 'server')?.server.redisUrl;
  if (!url) return [];
  const { checkRedis } = await import('../doctor/check-redis.js');
  return [await checkRedis(url)];
}

const marks: Readonly<Record<Finding['status'], { mark: string; style: Style }>> = {
  ok: { mark: '✓', style: 'green' },
  warn: { mark: '!', style: 'yellow' },
  fail: { mark: '✗', style: 'red' },
};

function show({ output }: Cli, findings: readonly Finding[]): void {
  if (!output.terminal) {
    output.table(findings, [
      { title: 'STATUS', value: ({ status }) => status },
      { title: 'CHECK', value: ({ check }) => check },
      { title: 'MESSAGE', value: ({ message }) => message },
      { title: 'ADVICE', value: ({ advice }) => advice },
    ]);
    return;
  }
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  for (const { check, status, message, advice } of findings) {
    const { mark, style } = marks[status];
    output.line(styled(style, mark), ' ', styled('bold', check.padEnd(width)), '  ', message);
    if (advice) output.sentence(`→ ${advice}`, { indent: ' '.repeat(width + 4) });
  }
  const count = (wanted: Finding['status']): number =>
    findings.filter(({ status }) => status === wanted).length;
  output.note(`${countOf(count('fail'), 'failure')}, ${countOf(count('warn'), 'warning')}.`);
}
