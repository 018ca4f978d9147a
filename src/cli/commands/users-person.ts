import { type ErasedRows, eraseUser } from '../../desk/erase-user.js';
import { exportUser } from '../../desk/export-user.js';
import type { Cli } from '../cli.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { countOf } from '../count-of.js';
import type { SettingsRequest } from '../settings/options-from-env.js';
import { printableJson } from '../terminal/printable.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { accountReference } from '../account-reference.js';

/** The counts of mails to a mailbox stand under a hash that the secret keys. */
const request: SettingsRequest = {
  groups: ['database', 'links'],
  required: ['FLUENTMEET_SECRET'],
};

/** Every kind of rows, so that a new one cannot be forgotten. */
const inWords: Readonly<Record<keyof ErasedRows, (count: number) => string>> = {
  accounts: (count) => countOf(count, 'account'),
  emails: (count) => countOf(count, 'email'),
  email_requests: (count) => `${countOf(count, 'request')} for an email`,
  links: (count) => countOf(count, 'link'),
  invites: (count) => countOf(count, 'invite'),
  mailbox_counts: (count) => `${countOf(count, 'count')} of mails`,
  signup_keys: (count) => countOf(count, 'key'),
};

export async function usersExport(cli: Cli, reference: string): Promise<void> {
  const found = await withFluentMeet(cli, request, (internals) =>
    exportUser(internals, accountReference(reference)),
  );
  cli.io.stdout.write(`${printableJson(found)}\n`);
}

export async function usersErase(
  cli: Cli,
  reference: string,
  { dryRun = false, yes = false }: { dryRun?: boolean; yes?: boolean },
): Promise<void> {
  const { output } = cli;
  if (!dryRun) demandYes(cli, yes);
  await withFluentMeet(cli, request, async (internals) => {
    const who = accountReference(reference);
    const found = await eraseUser(internals, who, { dryRun: true });
    const rows = Object.entries(inWords)
      .map(([kind, words]) => words(found[kind as keyof ErasedRows]))
      .join(', ');
    if (!dryRun) await confirmOrStop(cli, internals, { yes, deed: `Erase one person for good (${rows})` });
    const erased = dryRun ? found : await eraseUser(internals, who);
    output.result({ erased, dry_run: dryRun }, () => {
      if (dryRun) output.line(`Would be erased: ${rows}.`);
      else output.line('Everything kept about this person is erased, and the address is free again.');
      output.note('What was published before lies with the mail service: erase it there too.');
      output.note(
        'Where it went through Kafka, name and address lie in the email topic, and in its .retry and .dead, until their retention is over.',
      );
    });
  });
}
