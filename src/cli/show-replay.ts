import type { ReplaySummary } from '../desk/replay-and-publish.js';
import type { ReplayFilter } from '../desk/replay-filter.js';
import { mostSkipped, type SkippedEmail } from '../desk/skipped-emails.js';
import { styled } from './terminal/cell.js';
import type { Output } from './terminal/output.js';

/** What became of a replay, for a person. */
export function showReplay(
  output: Output,
  summary: ReplaySummary,
  filter: ReplayFilter,
  hasPublisher: boolean,
): void {
  const { published, failing, waiting, skipped, untouched, outage, paused } = summary;
  const total = published.length + failing.length + waiting.length + skipped.length + untouched.length;
  if (total === 0) output.note('No email matches, so none was replayed.');
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
    showSkipped(skipped, filter, (line) => output.line(`  ${line}`));
  }
  if (untouched.length > 0) {
    output.line(styled('dim', 'not reached'), `: ${untouched.length}; they are as they were`);
  }
  if (outage !== null) output.note(styled('red', 'The publisher cannot be reached: '), outage);
  if (paused !== null) {
    output.note(
      styled('yellow', 'All relays are paused: '),
      paused,
      '. It goes out after: fluentmeet relay resume',
    );
  } else if (waiting.length > 0) {
    const reason = hasPublisher
      ? ''
      : 'Neither KAFKA_BROKERS nor SMTP_URL is set here, so nothing was published. ';
    output.note(
      `${reason}What is pending goes out by itself as soon as a relay runs and reaches its publisher.`,
    );
  }
}

/** A line for each that was named by its id; where nobody named any, a line for each reason. */
export function showSkipped(
  skipped: readonly SkippedEmail[],
  { ids }: ReplayFilter,
  show: (line: string) => void,
): void {
  if (ids) {
    for (const email of skipped) show(`email ${email.id}: ${reasonOf(email)}`);
    return;
  }
  const counts = new Map<string, number>();
  for (const email of skipped) counts.set(reasonOf(email), (counts.get(reasonOf(email)) ?? 0) + 1);
  for (const [reason, count] of counts) show(`${count}: ${reason}`);
  if (skipped.length >= mostSkipped) show(`only the first ${mostSkipped} are counted here`);
}

function reasonOf({ reason, status }: SkippedEmail): string {
  switch (reason) {
    case 'missing':
      return 'there is no such email';
    case 'unwanted':
      return 'the user is verified, inactive or gone';
    case 'leased':
      return 'a relay is publishing it now';
    case 'taken':
      return 'somebody else is replaying it';
    case 'other-status':
      return status === 'published' ? 'it is published already (--status published)' : `it is ${status}`;
    case 'superseded':
      return 'a later one of the same person was published too, or is about to be';
    case 'not-matching':
      return 'it does not match the filters, or was published a moment ago';
  }
}
