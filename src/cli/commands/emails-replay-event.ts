import { countAndNames, logAct } from '../../desk/log-act.js';
import { wantedMails } from '../../desk/wanted-mails.js';
import type { Internals } from '../../fluentmeet.js';
import { bringBack, type DeadMessage, type DeadTopic, findDead } from '../../mailer/replay-dead.js';
import { type MailTopics, mailTopics } from '../../mailer/topics.js';
import { relayPause } from '../../outbox/relay-pause.js';
import { KafkaError } from '../../publishers/kafka/kafka-error.js';
import type { Cli } from '../cli.js';
import { CliError, type ExitCode, exitCodes, UsageError } from '../cli-error.js';
import type { SettingsRequest } from '../options-from-env.js';
import { styled } from '../output.js';
import { withFluentMeet } from '../with-fluentmeet.js';

/** The database tells whom nobody may write to any more, and whether all mail is held back. */
const request: SettingsRequest = {
  groups: ['database', 'kafka'],
  required: ['DATABASE_URL', 'KAFKA_BROKERS'],
};

/** What became of one event id. */
interface Replayed {
  event_id: string;
  /** `replayed`: on the email topic again, or would be. `expired`: its link is dead. `incomplete`: too large to be kept. */
  status: 'replayed' | 'unwanted' | 'expired' | 'incomplete' | 'missing';
  reason: string | null;
  detail: string | null;
  failed_at: string | null;
  /** In the outbox, where it stands there still. */
  email_id: number | null;
}

/** `emails replay --event-id`: from the mailer's dead topic back to the email topic. */
export async function emailsReplayEvent(
  cli: Cli,
  eventIds: readonly string[],
  { dryRun }: { dryRun: boolean },
): Promise<ExitCode | void> {
  return withFluentMeet(cli, request, async ({ internals }) => {
    const { kafka, emailTopic } = internals.config;
    if (!kafka)
      throw new UsageError('the dead topic is in Kafka, and this configuration publishes elsewhere');
    if (!dryRun) await refuseWhilePaused(internals);
    const ids = [...new Set(eventIds)];
    const topic: DeadTopic = { kafka, topics: mailTopics(emailTopic), logger: cli.logger };
    const dead = await findDead(topic, ids).catch((error: unknown) => {
      throw asCliError(error, 'Nothing was changed.');
    });
    const wanted = await wantedMails(internals, [...dead.values()]);
    const messages = ids.map((id) => judge(id, dead.get(id), wanted));
    const chosen = messages.filter(({ status }) => status === 'replayed');
    if (!dryRun) {
      const back = chosen.flatMap(({ event_id }) => dead.get(event_id) ?? []);
      await replay(internals, topic, back);
    }
    cli.output.result({ messages, dry_run: dryRun }, () => show(cli, messages, topic.topics, dryRun));
    const isLeft = ({ status }: Replayed): boolean => status !== 'replayed' && status !== 'unwanted';
    return messages.some(isLeft) ? exitCodes.failed : undefined;
  });
}

async function refuseWhilePaused(internals: Internals): Promise<void> {
  const pause = await relayPause(internals);
  if (!pause) return;
  const end = pause.until ? `until ${pause.until.toISOString()}` : 'until somebody resumes';
  throw new CliError(`an operator holds all mail back ${end}: ${pause.reason}`, {
    exitCode: exitCodes.conflict,
    advice: 'Nothing was changed. To end it: fluentmeet relay resume',
  });
}

function judge(
  eventId: string,
  dead: DeadMessage | undefined,
  wanted: ReadonlyMap<string, number | null>,
): Replayed {
  const { reason = null, detail = null, failedAt = null } = dead ?? {};
  const status = !dead
    ? 'missing'
    : !wanted.has(eventId)
      ? 'unwanted'
      : dead.isExpired
        ? 'expired'
        : dead.isIncomplete
          ? 'incomplete'
          : 'replayed';
  const email_id = wanted.get(eventId) ?? null;
  return { event_id: eventId, status, reason, detail, failed_at: failedAt, email_id };
}

async function replay(internals: Internals, topic: DeadTopic, chosen: readonly DeadMessage[]): Promise<void> {
  const back: string[] = [];
  try {
    await bringBack(topic, chosen, (part) => void back.push(...part.map(({ eventId }) => eventId)));
  } catch (error) {
    throw asCliError(error, `${back.length} of ${chosen.length} are on ${topic.topics.main} again.`);
  } finally {
    if (back.length > 0) {
      logAct(
        internals,
        'emails-replayed',
        'Emails replayed from the dead topic',
        countAndNames('eventIds', back),
      );
    }
  }
}

function asCliError(error: unknown, state: string): unknown {
  if (!(error instanceof KafkaError)) return error;
  return new CliError(error.message, {
    exitCode:
      error.code === 'topic-missing' || error.isMessageFault ? exitCodes.failed : exitCodes.unreachable,
    advice: `${state} "fluentmeet doctor" looks closer.`,
    cause: error,
  });
}

function show({ output }: Cli, messages: readonly Replayed[], topics: MailTopics, dryRun: boolean): void {
  for (const { event_id, status, reason, detail } of messages) {
    const why = reason === null ? '' : ` (${detail === null ? reason : `${reason}: ${detail}`})`;
    if (status === 'replayed') {
      const deed = dryRun ? 'would be on' : 'is on';
      output.line(`${event_id}: `, styled('green', deed), ` ${topics.main} again${why}`);
    } else output.line(`${event_id}: `, styled('yellow', 'left'), `, ${whyLeft(status, topics)}${why}`);
  }
  const fromOutbox = messages.filter(({ status }) => status === 'expired' || status === 'incomplete');
  const emails = fromOutbox.flatMap(({ email_id }) => email_id ?? []);
  if (emails.length > 0)
    output.note(
      `With a new link, or written anew, from the outbox: fluentmeet emails replay ${emails.join(' ')} --status published`,
    );
  if (emails.length < fromOutbox.length) {
    output.note(
      'What the outbox has no longer nobody can write anew: those people ask for a new link (POST /resend-verification).',
    );
  }
}

function whyLeft(status: Exclude<Replayed['status'], 'replayed'>, { dead }: MailTopics): string {
  switch (status) {
    case 'missing':
      return `no message on ${dead} has this event id`;
    case 'unwanted':
      return 'unwanted: in this database the account is gone, verified or inactive';
    case 'expired':
      return 'its link has expired';
    case 'incomplete':
      return 'its value was too large to be kept';
  }
}
