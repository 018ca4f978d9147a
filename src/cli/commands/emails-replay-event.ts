import { countAndNames, logAct } from '../../desk/log-act.js';
import { type Unwanted, type WantedMail, wantedMails } from '../../desk/wanted-mails.js';
import type { Internals } from '../../fluentmeet.js';
import { bringBack, type DeadMessage, type DeadTopic, findBack, findDead } from '../../mailer/replay-dead.js';
import { type MailTopics, mailTopics } from '../../mailer/topics.js';
import { currentPause } from '../../outbox/relay-pause.js';
import { KafkaError } from '../../publishers/kafka/kafka-error.js';
import type { Cli } from '../cli.js';
import { CliError, type ExitCode, exitCodes, UsageError } from '../cli-error.js';
import type { SettingsRequest } from '../settings/options-from-env.js';
import { styled } from '../terminal/cell.js';
import { withFluentMeet } from '../with-fluentmeet.js';

/** The database tells whom nobody may write to any more, and whether all mail is held back. */
const request: SettingsRequest = {
  groups: ['database', 'kafka'],
  required: ['KAFKA_BROKERS'],
};

interface Replayed {
  event_id: string;
  status:
    /** On the email topic again, or would be. */
    | 'replayed'
    /** Somebody brought it back before. */
    | 'back'
    /** Kafka does not take it. */
    | 'refused'
    /** Kafka went away before it confirmed it: it may be there. */
    | 'unconfirmed'
    /** Kafka went away before, or an interruption came. */
    | 'untouched'
    | 'unwanted'
    /** Its link is dead; `unknown-link`: the database does not have it. */
    | 'expired'
    | 'revoked'
    | 'unknown-link'
    /** Too large to be kept. */
    | 'incomplete'
    | 'missing';
  reason: string | null;
  detail: string | null;
  failed_at: string | null;
  /** In the outbox, where it stands there still. */
  email_id: number | null;
  /** The newest email of the same person and template, where that was published later. */
  newer: { id: number; published_at: Date } | null;
  /** What Kafka said. */
  error: string | null;
}

/** `emails replay --event-id`: from the mailer's dead topic back to the email topic. */
export async function emailsReplayEvent(
  cli: Cli,
  eventIds: readonly string[],
  { dryRun }: { dryRun: boolean },
): Promise<ExitCode | void> {
  return withFluentMeet(cli, request, async (internals) => {
    const { kafka, emailTopic } = internals.config;
    if (!kafka)
      throw new UsageError('the dead topic is in Kafka, and this configuration publishes elsewhere');
    if (!dryRun) await refuseWhilePaused(internals);
    const ids = [...new Set(eventIds)];
    const topic: DeadTopic = { kafka, topics: mailTopics(emailTopic), logger: cli.logger };
    const dead = await findDead(topic, ids).catch(refuse);
    const wanted = await wantedMails(internals, [...dead.values()]);
    const judged = ids.map((id) => judge(id, dead.get(id), wanted.get(id)));
    const back = await findBack(topic, chosenOf(judged, dead)).catch(refuse);
    const messages = judged.map((one) => (back.has(one.event_id) ? { ...one, ...outcome('back') } : one));
    const signal = dryRun ? undefined : cli.interruption();
    const outage = signal && (await replay(internals, topic, messages, dead, signal));
    cli.output.result({ messages, dry_run: dryRun }, () => {
      show(cli, messages, topic.topics, dryRun, (id) => ({
        backAt: back.get(id),
        unwanted: wanted.get(id)?.unwanted ?? 'gone',
      }));
    });
    if (outage) throw asCliError(outage, 'Run the same again: what is on the topic again is left.');
    if (signal?.aborted) return exitCodes.interrupted;
    const isDone = ({ status }: Replayed): boolean => ['replayed', 'back', 'unwanted'].includes(status);
    return messages.every(isDone) ? undefined : exitCodes.failed;
  });
}

function refuse(error: unknown): never {
  throw error instanceof KafkaError ? asCliError(error, 'Nothing was changed.') : error;
}

async function refuseWhilePaused(internals: Internals): Promise<void> {
  const pause = await currentPause(internals);
  if (!pause) return;
  const end = pause.until ? `until ${pause.until.toISOString()}` : 'until somebody resumes';
  throw new CliError(`an operator holds all mail back ${end}: ${pause.reason}`, {
    exitCode: exitCodes.conflict,
    advice: 'Nothing was changed. To end it: fluentmeet relay resume',
  });
}

function judge(eventId: string, dead: DeadMessage | undefined, mail: WantedMail | undefined): Replayed {
  const { reason = null, detail = null, failedAt = null } = dead ?? {};
  const newer = mail?.newer ? { id: mail.newer.id, published_at: mail.newer.publishedAt } : null;
  return {
    ...{ event_id: eventId, reason, detail, failed_at: failedAt, email_id: mail?.emailId ?? null, newer },
    ...outcome(statusOf(dead, mail)),
  };
}

function outcome(
  status: Replayed['status'],
  error: string | null = null,
): Pick<Replayed, 'status' | 'error'> {
  return { status, error };
}

function statusOf(dead: DeadMessage | undefined, mail: WantedMail | undefined): Replayed['status'] {
  if (!dead) return 'missing';
  if (!mail || mail.unwanted) return 'unwanted';
  if (mail.link === 'revoked') return 'revoked';
  if (dead.isExpired || mail.link === 'expired') return 'expired';
  if (mail.link === 'unknown') return 'unknown-link';
  return dead.isIncomplete ? 'incomplete' : 'replayed';
}

function chosenOf(messages: readonly Replayed[], dead: ReadonlyMap<string, DeadMessage>): DeadMessage[] {
  const chosen = messages.filter(({ status }) => status === 'replayed');
  return chosen.flatMap(({ event_id }) => dead.get(event_id) ?? []);
}

/** Brings back what is to be, and writes into each message what became of it. Resolves with what ended it. */
async function replay(
  internals: Internals,
  topic: DeadTopic,
  messages: Replayed[],
  dead: ReadonlyMap<string, DeadMessage>,
  signal: AbortSignal,
): Promise<KafkaError | undefined> {
  const results = await bringBack(topic, chosenOf(messages, dead), signal);
  const back = [...results].filter(([, error]) => error === null).map(([eventId]) => eventId);
  if (back.length > 0) {
    const names = { ...countAndNames('eventIds', back), ...(signal.aborted ? { interrupted: true } : {}) };
    logAct(internals, 'emails-replayed', 'Emails replayed from the dead topic', names);
  }
  for (const message of messages.filter(({ status }) => status === 'replayed')) {
    const error = results.get(message.event_id);
    if (error === undefined) Object.assign(message, outcome('untouched'));
    else if (error) {
      Object.assign(message, outcome(error.isMessageFault ? 'refused' : 'unconfirmed', error.message));
    }
  }
  return [...results.values()].find((error) => error && !error.isMessageFault) ?? undefined;
}

function asCliError(error: KafkaError, state: string): CliError {
  return new CliError(error.message, {
    exitCode: error.code === 'topic-missing' ? exitCodes.failed : exitCodes.unreachable,
    advice: `${state} "fluentmeet doctor" looks closer.`,
    cause: error,
  });
}

function show(
  { output }: Cli,
  messages: readonly Replayed[],
  topics: MailTopics,
  dryRun: boolean,
  known: (eventId: string) => Known,
): void {
  for (const { event_id, status, reason, detail, newer, error } of messages) {
    const why = reason === null ? '' : ` (${detail === null ? reason : `${reason}: ${detail}`})`;
    const later = newer
      ? `; a newer one to the same person was published on ${newer.published_at.toISOString()}: email ${newer.id}`
      : '';
    if (status === 'replayed') {
      const deed = dryRun ? 'would be on' : 'is on';
      output.line(`${event_id}: `, styled('green', deed), ` ${topics.main} again${why}${later}`);
    } else {
      const cause = error ?? whyLeft[status](topics, known(event_id));
      output.line(`${event_id}: `, styled('yellow', 'left'), `, ${cause}${why}${later}`);
    }
  }
  if (messages.length > 1) output.note(sum(messages, topics, dryRun));
  adviseAnew({ output }, messages);
}

function sum(messages: readonly Replayed[], { main }: MailTopics, dryRun: boolean): string {
  const counts = new Map<Replayed['status'], number>();
  for (const { status } of messages) counts.set(status, (counts.get(status) ?? 0) + 1);
  const done = counts.get('replayed') ?? 0;
  counts.delete('replayed');
  const others = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  const deed = dryRun ? 'would be on' : 'on';
  return `${done} ${deed} ${main} again, ${messages.length - done} left${others && ` (${others})`}.`;
}

function adviseAnew({ output }: Pick<Cli, 'output'>, messages: readonly Replayed[]): void {
  const anew = ['expired', 'revoked', 'unknown-link', 'incomplete'];
  const fromOutbox = messages.filter(({ status }) => anew.includes(status));
  // What was published later has everything that the earlier one had.
  const ids = fromOutbox.map(({ email_id, newer }) => newer?.id ?? email_id);
  const emails = [...new Set(ids.filter((id) => id !== null))];
  if (emails.length > 0)
    output.note(
      `With a new link, or written anew, from the outbox: fluentmeet emails replay ${emails.join(' ')} --status published`,
    );
  if (ids.includes(null)) {
    output.note(
      'What the outbox has no longer nobody can write anew: those people ask for a new link (POST /resend-verification).',
    );
  }
}

/** What stands in no result, for the line of one that is left. */
interface Known {
  backAt: string | undefined;
  unwanted: Unwanted;
}

const whyUnwanted: Readonly<Record<Unwanted, string>> = {
  gone: 'is gone',
  moved: 'has another address',
  inactive: 'is inactive',
  verified: 'is verified',
};

const notTaken = ({ main }: MailTopics): string => `${main} did not take it`;
const whyLeft: Readonly<
  Record<Exclude<Replayed['status'], 'replayed'>, (topics: MailTopics, known: Known) => string>
> = {
  missing: ({ dead }) => `no message on ${dead} has this event id`,
  unwanted: (_, { unwanted }) => `unwanted: in this database the account ${whyUnwanted[unwanted]}`,
  back: ({ main }, { backAt }) => `it is on ${main} again since ${backAt}`,
  expired: () => 'its link has expired',
  revoked: () => 'its link was revoked by an operator',
  'unknown-link': () =>
    'this database does not know its link: it is over and pruned, or a backup was restored',
  incomplete: () => 'its value was too large to be kept',
  refused: notTaken,
  unconfirmed: notTaken,
  untouched: () => 'not tried',
};
