import { pauseRelay, resumeRelay } from '../../desk/pause-relay.js';
import { currentPause } from '../../outbox/relay-pause.js';
import type { Cli } from '../cli.js';
import { withFluentMeet } from '../with-fluentmeet.js';

const request = { groups: ['database'] } as const;

/** @param flags `for` in milliseconds */
export async function relayPause(cli: Cli, flags: { reason?: string; for?: number }): Promise<void> {
  const { output, prompts } = cli;
  const reason = flags.reason ?? (await prompts.input({ flag: '--reason', message: 'Why' }));
  const { replaced, since, until } = await withFluentMeet(cli, request, async (internals) => ({
    replaced: await currentPause(internals),
    ...(await pauseRelay(internals, { reason, length: flags.for })),
  }));
  output.result({ paused: true, reason: reason.trim(), since, until }, () => {
    if (until) output.line('Paused until ', until, ': no relay takes an email.');
    else output.line('Paused: no relay takes an email.');
    if (replaced) {
      const end = replaced.until ? `until ${replaced.until.toISOString()}` : 'until somebody resumes';
      output.warn(`this takes the place of a pause ${end}: ${replaced.reason}`);
    }
    output.note('Signups go on, and their emails wait. To end it: fluentmeet relay resume');
  });
}

export async function relayResume(cli: Cli): Promise<void> {
  const { output } = cli;
  const ended = await withFluentMeet(cli, request, (internals) => resumeRelay(internals));
  output.result({ paused: false, was_paused: ended !== null }, () => {
    output.line(ended ? 'Resumed: what waits goes out within seconds.' : 'Nothing was paused.');
  });
}
