import { listEmails } from '../../desk/list-emails.js';
import { replayAndPublish, type ReplaySummary } from '../../desk/replay-and-publish.js';
import { type ReplayFilter, replayEmails } from '../../desk/replay-emails.js';
import type { Internals } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import { exitCodes, type ExitCode, UsageError } from '../cli-error.js';
import { fitWidth } from '../display-width.js';
import { inspectSettings, type SettingsRequest } from '../options-from-env.js';
import { cellText, styled } from '../output.js';
import { printable } from '../printable.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { stateCell } from './entities.js';

/** As many dead ones as a person may look through; the rest goes by flags. */
const mostToPickFrom = 500;

export interface ReplayFlags {
  all?: boolean;
  status?: 'dead' | 'pending' | 'published';
  since?: Date;
  email?: string;
  limit?: number;
  dryRun?: boolean;
}

export async function emailsReplay(
  cli: Cli,
  ids: readonly number[],
  flags: ReplayFlags,
): Promise<ExitCode | void> {
  const { all = false, status, since, email, limit, dryRun = false } = flags;
  if (all && ids.length > 0) throw new UsageError('give ids or --all, not both');
  const picks = ids.length === 0 && !all && !status && !since && email === undefined && limit === undefined;
  if (picks && !cli.prompts.available) {
    cli.prompts.demand(['an id, --all, --status, --since, --email or --limit']);
  }
  return withFluentMeet(cli, requestFor(cli), async ({ internals }) => {
    const chosen = picks ? await pick(cli, internals) : ids;
    if (picks && chosen.length === 0) return;
    const filter: ReplayFilter = {
      ids: chosen.length > 0 ? [...new Set(chosen)] : undefined,
      status,
      since,
      email,
      limit,
      publishedBefore: await startedAt(internals),
    };
    return dryRun ? plan(cli, internals, filter) : replay(cli, internals, filter);
  });
}

/** Whoever publishes also builds links; without brokers nothing is published here. */
function requestFor({ io }: Cli): SettingsRequest {
  const { settings } = inspectSettings(io, { groups: ['kafka'], required: [] });
  const unset = settings !== undefined && settings.options.kafka === undefined;
  return {
    groups: unset ? ['database', 'emails', 'kafka'] : ['database', 'emails', 'kafka', 'links'],
    required: unset ? ['DATABASE_URL'] : ['DATABASE_URL', 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
  };
}

/**
 * When this process started, by the database's clock: what somebody else published since then, perhaps for the same
 * command line, is not published again.
 */
async function startedAt({ database }: Internals): Promise<Date> {
  const [row] = await database.query<{ started: Date }>(
    `select ${database.now()} - $1 * interval '1 millisecond' as started`,
    [Math.min(performance.now(), 2_000)],
  );
  return row?.started as Date;
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
    for (const { id, reason } of skipped) output.note(`Email ${id} would be skipped: ${reason}.`);
    output.note(`${emails.length} would be replayed; nothing was changed.`);
  });
  return missing(skipped) ? exitCodes.failed : undefined;
}

async function replay(cli: Cli, internals: Internals, filter: ReplayFilter): Promise<ExitCode | void> {
  const { output } = cli;
  const signal = cli.interruption();
  const progress = output.progress('Replaying', filter.ids?.length ?? 0);
  let summary: ReplaySummary;
  try {
    summary = await replayAndPublish(internals, filter, {
      publisher: internals.publisher,
      signal,
      onProgress: (done, total) => progress.update(done, total),
    });
  } finally {
    progress.end();
  }
  output.result(summary, () => showSummary(cli, summary, internals));
  if (signal.aborted) return exitCodes.interrupted;
  if (summary.outage !== null) return exitCodes.unreachable;
  return summary.failing.length > 0 || missing(summary.skipped) ? exitCodes.failed : undefined;
}

function showSummary({ output }: Cli, summary: ReplaySummary, { publisher }: Internals): void {
  const { published, failing, waiting, skipped, untouched, outage } = summary;
  const total = published.length + failing.length + waiting.length + skipped.length + untouched.length;
  if (total === 0) output.note('There is no such email.');
  if (published.length > 0) output.line(styled('green', 'published'), `: ${published.length}`);
  if (failing.length > 0) {
    output.line(styled('red', 'still failing'), `: ${failing.length}`);
    for (const { id, status, error } of failing) {
      output.line(`  email ${id}: `, error, status === 'pending' ? '; a relay tries again' : '; dead');
    }
  }
  if (waiting.length > 0) output.line(styled('yellow', 'pending'), `: ${waiting.length}`);
  if (skipped.length > 0) {
    output.line(styled('dim', 'skipped'), `: ${skipped.length}`);
    for (const { id, reason } of skipped) output.line(`  email ${id}: `, reason);
  }
  if (untouched.length > 0)
    output.line(styled('dim', 'not reached'), `: ${untouched.length}; they are as they were`);
  if (outage !== null) output.note(styled('red', 'Kafka is away: '), outage);
  if (waiting.length > 0) {
    const reason = publisher ? '' : 'KAFKA_BROKERS is not set here, so nothing was published. ';
    output.note(`${reason}What is pending goes out by itself as soon as a relay runs and reaches Kafka.`);
  }
}

function missing(skipped: ReplaySummary['skipped']): boolean {
  return skipped.some(({ reason }) => reason === 'there is no such email');
}
