import { type DeadMessage, replayDead } from '../../mailer/replay-dead.js';
import { mailTopics } from '../../mailer/topics.js';
import { type Config, parseOptions } from '../../options.js';
import { KafkaError } from '../../publishers/kafka/kafka-error.js';
import type { Cli } from '../cli.js';
import { CliError, type ExitCode, exitCodes } from '../cli-error.js';
import { readSettings } from '../options-from-env.js';
import { styled } from '../output.js';

/** `emails replay --event-id`: from the mailer's dead topic back to the email topic. Needs no database. */
export async function emailsReplayEvent(
  cli: Cli,
  eventId: string,
  { dryRun }: { dryRun: boolean },
): Promise<ExitCode | void> {
  const settings = readSettings(cli.io, { groups: ['kafka'], required: ['KAFKA_BROKERS'] });
  const config = parseOptions(settings.options);
  const topics = mailTopics(config.emailTopic);
  const kafka = config.kafka as NonNullable<Config['kafka']>;
  let message: DeadMessage;
  try {
    message = await replayDead({ kafka, topics, eventId, dryRun, logger: cli.logger });
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    throw new CliError(error.message, {
      exitCode: error.code === 'topic-missing' ? exitCodes.failed : exitCodes.unreachable,
      advice: 'Nothing was changed. "fluentmeet doctor" looks closer.',
      cause: error,
    });
  }
  const { status, reason, detail, failedAt } = message;
  const value = { event_id: eventId, status, reason, detail, failed_at: failedAt, dry_run: dryRun };
  cli.output.result(value, () => show(cli, message, topics.main, dryRun));
  if (status !== 'replayed') return exitCodes.failed;
}

function show(
  { output }: Cli,
  { status, reason, detail }: DeadMessage,
  topic: string,
  dryRun: boolean,
): void {
  if (reason !== null) output.note(`It was dead for ${reason}${detail === null ? '' : `: ${detail}`}`);
  switch (status) {
    case 'replayed':
      output.line(styled('green', dryRun ? 'would be on' : 'is on'), ` ${topic} again`);
      return;
    case 'missing':
      output.note(`There is no message with this event id on ${topic}.dead.`);
      return;
    case 'expired':
      output.note(
        'Its link has expired. A replay from the outbox makes a new one: fluentmeet emails replay --email …',
      );
      return;
    case 'incomplete':
      output.note('Its value was too large to be kept. A replay from the outbox writes it anew.');
  }
}
