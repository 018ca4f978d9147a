import { purgeUnverified } from '../../desk/purge-unverified.js';
import type { Cli } from '../cli.js';
import { exitCodes, type ExitCode } from '../cli-error.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { countOf } from '../count-of.js';
import { withFluentMeet } from '../with-fluentmeet.js';

const request = { groups: ['database'] } as const;

export interface PurgeFlags {
  /** Milliseconds. */
  olderThan: number;
  dryRun?: boolean;
  yes?: boolean;
}

export async function usersPurge(cli: Cli, flags: PurgeFlags): Promise<ExitCode | void> {
  const { output } = cli;
  const { olderThan, dryRun = false, yes = false } = flags;
  if (!dryRun) demandYes(cli, yes);
  return withFluentMeet(cli, request, async (internals) => {
    const counted =
      dryRun || !yes ? await purgeUnverified(internals, { olderThan, dryRun: true }) : undefined;
    if (!dryRun && counted && counted.purged > 0) {
      const deed = `Delete ${countOf(counted.purged, 'unverified account')} for good`;
      await confirmOrStop(cli, internals, { yes, deed, wide: true });
    }
    const nothing = counted?.purged === 0;
    const signal = cli.interruption();
    const progress = output.progress('Purging', counted?.purged ?? 0);
    const result =
      counted && (dryRun || nothing)
        ? counted
        : await purgeUnverified(internals, {
            olderThan,
            signal,
            onProgress: (purged) => progress.update(purged, Math.max(purged, counted?.purged ?? 0)),
          }).finally(() => progress.end());
    const { purged, kept } = result;
    const value = {
      purged,
      kept: { live_link: kept.liveLink, unsent_email: kept.unsentEmail, held: kept.held },
      dry_run: dryRun,
    };
    output.result(value, () => {
      output.line(`${countOf(purged, 'unverified account')} ${dryRun ? 'would be deleted' : 'deleted'}.`);
      if (kept.liveLink > 0) output.note(`${kept.liveLink} kept: a link of theirs still works.`);
      if (kept.unsentEmail > 0) {
        output.note(
          `${kept.unsentEmail} kept: their email is asked for, pending, held or dead (fluentmeet emails list, with --status pending, held or dead).`,
        );
      }
      if (kept.held > 0) output.note(`${kept.held} kept: see the warnings above.`);
      if (signal.aborted) output.warn('interrupted: run it again for the rest');
    });
    return signal.aborted ? exitCodes.interrupted : undefined;
  });
}
