import { listEmails } from '../../desk/list-emails.js';
import { replayAndPublish, type ReplaySummary } from '../../desk/replay-and-publish.js';
import { type ReplayedEmail, replayEmails } from '../../desk/replay-emails.js';
import type { ReplayFilter } from '../../desk/replay-filter.js';
import type { SkippedEmail } from '../../desk/skipped-emails.js';
import type { Internals } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import { exitCodes, type ExitCode, UsageError } from '../cli-error.js';
import { confirmOrStop } from '../confirm.js';
import { countOf } from '../count-of.js';
import { fitWidth } from '../terminal/display-width.js';
import { inspectSettings, type SettingsRequest } from '../settings/options-from-env.js';
import { cellText } from '../terminal/cell.js';
import { printable } from '../terminal/printable.js';
import { showReplay, showSkipped } from '../show-replay.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { emailsReplayEvent } from './emails-replay-event.js';
import { refuseEmptyTime } from '../point-in-time.js';
import { stateCell } from '../terminal/state-cell.js';

/** As many dead ones as a person may look through; the rest goes by flags. */
const mostToPickFrom = 500;

export interface ReplayFlags extends Omit<ReplayFilter, 'ids' | 'publishedBefore'> {
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  /** Of messages on the mailer's dead topic. */
  eventId?: readonly string[];
}

export async function emailsReplay(
  cli: Cli,
  ids: readonly number[],
  { all = false, dryRun = false, yes = false, eventId, ...flags }: ReplayFlags,
): Promise<ExitCode | void> {
  const { status, since, until, email, domain, error, limit } = flags;
  const conditions = { status, since, until, email, domain, error, limit };
  if (eventId !== undefined) {
    if (all || ids.length > 0 || Object.values(conditions).some((value) => value !== undefined)) {
      throw new UsageError('give --event-id alone: it is looked for on the dead topic, not in the outbox');
    }
    return emailsReplayEvent(cli, eventId, { dryRun });
  }
  if (all && ids.length > 0) throw new UsageError('give ids or --all, not both');
  refuseEmptyTime(conditions);
  const picks = ids.length === 0 && !all && Object.values(conditions).every((value) => value === undefined);
  if (picks && !cli.prompts.available) {
    cli.prompts.demand(['an id, --all, --status, --since, --until, --email, --domain, --error or --limit']);
  }
  const asks = status === 'published' || status === 'held';
  return withFluentMeet(cli, requestFor(cli), async (internals) => {
    const chosen = picks ? await pick(cli, internals) : ids;
    if (picks && chosen.length === 0) return;
    const filter: ReplayFilter = {
      ...conditions,
      ids: chosen.length > 0 ? [...new Set(chosen)] : undefined,
    };
    if (dryRun) return plan(cli, internals, filter);
    if (asks) await confirmSending(cli, internals, filter, yes);
    return replay(cli, internals, filter);
  });
}

/** Whoever publishes also builds links; without Kafka and SMTP nothing is published here. */
function requestFor({ io }: Cli): SettingsRequest {
  const { settings } = inspectSettings(io, { groups: ['kafka'] });
  const unset = settings?.options.publisher === 'none';
  return {
    groups: unset ? ['database', 'emails', 'kafka'] : ['database', 'emails', 'kafka', 'links'],
    required: unset ? [] : ['FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
  };
}

async function pick(cli: Cli, internals: Internals): Promise<readonly number[]> {
  const { output, prompts, mask, io } = cli;
  const { emails, next } = await listEmails(internals, { status: 'dead', limit: mostToPickFrom });
  if (emails.length === 0) {
    output.note('No email is dead.');
    return [];
  }
  if (next !== null) output.note(`The newest ${emails.length} dead ones; for all of them: --all`);
  // The picker's own marks take some columns; a longer line would wrap, and the list jump.
  const width = Math.max(20, (io.stderr.columns ?? 80) - 6);
  const chosen = await prompts.checkbox({
    flag: 'an id or --all',
    message: 'Which dead emails to replay?',
    choices: emails.map(({ id, to, created_at, last_error }) => {
      const line = `${id}  ${mask.address(to)}  ${cellText(created_at, true)}  ${last_error ?? ''}`;
      return { name: fitWidth(printable(line), width).trimEnd(), value: id };
    }),
  });
  if (chosen.length === 0) output.note('Nothing was chosen.');
  return chosen;
}

async function confirmSending(
  cli: Cli,
  internals: Internals,
  filter: ReplayFilter,
  yes: boolean,
): Promise<void> {
  if (yes) return;
  const { replayed, skipped } = await replayEmails(internals, filter, { dryRun: true });
  if (replayed.length === 0) return;
  showSkipped(skipped, filter, (line) => cli.output.note(`Left out: ${line}`));
  const deed =
    filter.status === 'held'
      ? `Publish ${countOf(replayed.length, 'email')} that a limit holds, ${ofAccounts(replayed)}`
      : `Publish ${countOf(replayed.length, 'published email')} once more`;
  if (filter.status === 'published') cli.output.note(anotherMail);
  await confirmOrStop(cli, internals, { yes, deed });
}

/** Of what was never published each goes out, and somebody who asked more than once gets as many mails. */
function ofAccounts(emails: readonly ReplayedEmail[]): string {
  return `of ${countOf(new Set(emails.map(({ userId }) => userId)).size, 'account')}`;
}

const anotherMail =
  'Whoever got the mail gets another one. What a mailer is behind with it sends by itself: that is better waited for.';

async function plan(cli: Cli, internals: Internals, filter: ReplayFilter): Promise<ExitCode | void> {
  const { output, mask } = cli;
  const { replayed, skipped } = await replayEmails(internals, filter, { dryRun: true });
  const found = await listEmails(internals, { ids: replayed.map(({ id }) => id), limit: replayed.length });
  const emails = found.emails.toReversed().map(({ id, status, to, attempts, last_error }) => ({
    id,
    status,
    to: mask.address(to),
    attempts,
    last_error,
  }));
  output.result({ emails, skipped }, () => {
    if (emails.length > 0) {
      output.table(emails, [
        { title: 'ID', value: ({ id }) => id, align: 'right' },
        { title: 'STATUS', value: ({ status }) => stateCell(status) },
        { title: 'TO', value: ({ to }) => to },
        { title: 'FAILED', value: ({ attempts }) => attempts, align: 'right' },
        { title: 'LAST ERROR', value: ({ last_error }) => last_error },
      ]);
    }
    showSkipped(skipped, filter, (line) => output.note(`Would be skipped: ${line}`));
    const accounts = emails.length > 0 ? `, ${ofAccounts(replayed)}` : '';
    output.note(`${emails.length} would be replayed${accounts}; nothing was changed.`);
  });
  return isMissing(skipped) ? exitCodes.failed : undefined;
}

async function replay(cli: Cli, internals: Internals, filter: ReplayFilter): Promise<ExitCode | void> {
  const { output } = cli;
  const { publisher } = internals;
  const signal = cli.interruption();
  const progress = output.progress('Replaying', filter.ids?.length ?? 0);
  let summary: ReplaySummary;
  try {
    const onProgress = (done: number, total: number): void => progress.update(done, total);
    summary = await replayAndPublish(internals, filter, { publisher, signal, onProgress });
  } finally {
    progress.end();
  }
  output.result(summary, () => showReplay(output, summary, filter, publisher !== undefined));
  if (signal.aborted) return exitCodes.interrupted;
  if (summary.outage !== null) return exitCodes.unreachable;
  return summary.failing.length > 0 || isMissing(summary.skipped) ? exitCodes.failed : undefined;
}

function isMissing(skipped: readonly SkippedEmail[]): boolean {
  return skipped.some(({ reason }) => reason === 'missing');
}
