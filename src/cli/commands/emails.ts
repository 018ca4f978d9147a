import { type EmailFilter, listEmails } from '../../desk/list-emails.js';
import { countPrunable, pruneByHand } from '../../desk/prune-by-hand.js';
import { showEmail } from '../../desk/show-email.js';
import type { Cli, GlobalFlags } from '../cli.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { countOf } from '../count-of.js';
import type { SettingsRequest } from '../settings/options-from-env.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { emailJson } from '../masked-rows.js';
import { refuseEmptyTime } from '../point-in-time.js';
import { showPage } from '../show-page.js';
import { stateCell } from '../terminal/state-cell.js';

const request: SettingsRequest = { groups: ['database', 'emails'] };

export async function emailsList(cli: Cli, flags: EmailFilter & { limit: number }): Promise<void> {
  const { mask } = cli;
  refuseEmptyTime(flags);
  const { emails, next } = await withFluentMeet(cli, request, (internals) => listEmails(internals, flags));
  showPage(cli, {
    ...{ name: 'emails', rows: emails, next, flags, none: 'No email matches.' },
    json: (email) => emailJson(email, mask),
    columns: [
      { title: 'ID', value: ({ id }) => id, align: 'right' },
      { title: 'STATUS', value: ({ status, held_by: by }) => stateCell(by ? `${status} (${by})` : status) },
      { title: 'TO', value: ({ to }) => mask.address(to) },
      { title: 'FAILED', value: ({ attempts }) => attempts, align: 'right' },
      { title: 'CREATED', value: ({ created_at }) => created_at },
      { title: 'LAST ERROR', value: ({ last_error }) => last_error },
    ],
  });
}

export async function emailsShow(cli: Cli, id: number, { reveal = false }: GlobalFlags): Promise<void> {
  const { output, mask } = cli;
  // Only whoever wants the link needs the secret that it is built from.
  const needs: SettingsRequest = reveal
    ? { groups: [...request.groups, 'links'], required: ['FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'] }
    : request;
  const email = await withFluentMeet(cli, needs, (internals) => showEmail(internals, id));
  const link = reveal ? email.link : null;
  const { link_works, link_expires_at } = email;
  const value = { ...emailJson(email, mask), link, link_works, link_expires_at };
  output.result(value, () => {
    output.details([
      ['Id', email.id],
      ['Status', stateCell(email.status)],
      ['To', mask.address(email.to)],
      ['User', email.user_id],
      ['Template', email.template],
      ['Created', email.created_at],
      ['Published', email.published_at],
      ['Failures', email.attempts],
      ['Last error', email.last_error],
      ...(email.status === 'pending'
        ? [[email.leased ? 'Leased until' : 'Next attempt', email.next_attempt_at] as const]
        : []),
      ...(email.held_by === null
        ? []
        : [['Held for its', email.held_by] as const, ['Held until', email.next_attempt_at] as const]),
      ['Event id', email.event_id],
      [
        'Link',
        link ??
          (email.link_works
            ? reveal
              ? 'made with another secret'
              : 'works; --reveal shows it'
            : 'none that works'),
      ],
      ['Link expires', email.link_expires_at],
    ]);
    if (email.status === 'dead') output.note(`Once the cause is fixed: fluentmeet emails replay ${email.id}`);
  });
}

const whatIsLost =
  '"users explain" then finds no email of these people, and "emails replay" cannot publish it again. Whoever needs a link still asks for a new one: on the page of an old one, or POST /resend-verification.';

export interface PruneFlags {
  /** Milliseconds. */
  olderThan?: number;
  status?: 'dead';
  dryRun?: boolean;
  yes?: boolean;
}

export async function emailsPrune(cli: Cli, flags: PruneFlags): Promise<void> {
  const { output } = cli;
  const { status, dryRun = false, yes = false } = flags;
  if (!dryRun) demandYes(cli, yes);
  await withFluentMeet(cli, request, async (internals) => {
    const olderThan = flags.olderThan ?? internals.config.emailRetention;
    const statuses = status ? [status] : (['published', 'obsolete'] as const);
    const choice = { statuses, olderThan };
    const found = yes && !dryRun ? undefined : await countPrunable(internals, choice);
    if (!yes && found !== 0) output.note(whatIsLost);
    if (!dryRun && found !== 0) {
      const deed = `Delete ${countOf(found ?? 0, `${statuses.join(' and ')} email`)} for good`;
      await confirmOrStop(cli, internals, { yes, deed });
    }
    const signal = cli.interruption();
    const pruned = dryRun || found === 0 ? (found ?? 0) : await pruneByHand(internals, { ...choice, signal });
    output.result({ pruned, dry_run: dryRun }, () => {
      output.line(`${countOf(pruned, 'email')} ${dryRun ? 'would be deleted' : 'deleted'}.`);
      if (signal.aborted) output.warn('interrupted: run it again for the rest');
    });
  });
}
