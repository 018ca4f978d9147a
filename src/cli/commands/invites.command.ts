import { Option } from 'commander';
import type { Declare } from '../command.js';
import { duration, oneOf, rowId, wholeNumber } from '../flag-values.js';

const inviteShape =
  '{ "id": 1, "state": "usable" | "spent" | "expired" | "revoked", "email": "a***@example.com" | null, "domain": "example.com" | null, "uses": 0, "max_uses": 1,\n' +
  '    "expires_at": "…", "revoked_at": "…" | null, "note": "…" | null, "created_at": "…" }';

export const declareInvites: Declare = (program, run) => {
  const invites = program.command('invites').description('Make and withdraw invites to sign up');

  invites
    .command('create')
    .description('Make an invite; its token is shown this once')
    .option('--email <address>', 'the only address it is for')
    .option('--domain <domain>', 'the only domain of the addresses it is for')
    .option('--max-uses <number>', 'accounts that can be made with it', wholeNumber(1, 1_000_000), 1)
    .addOption(
      new Option('--expires <time>', 'how long it can be used: 12h, 7d')
        .argParser(duration)
        .default(duration('7d'), '7d'),
    )
    .option('--note <text>', 'what it is for; only operators see it')
    .reveal()
    .json(`{ "token": "fmi_…", "link": "https://…" | null, …the keys of an invite in "invites list" }`)
    .examples(
      ['fluentmeet invites create --email ada@example.com', 'One account, for this address'],
      ['fluentmeet invites create --domain example.com --max-uses 200', 'For everybody of a company'],
      ['fluentmeet invites create --max-uses 30 --expires 14d --note "Spring course"', 'For a class'],
      ['fluentmeet invites create --json | jq -r .token', 'In a script'],
    )
    .action(run(async () => (await import('./invites.js')).invitesCreate));

  invites
    .command('list')
    .description('List invites, newest first')
    .option(
      '--state <state>',
      'usable, spent, expired or revoked',
      oneOf('usable', 'spent', 'expired', 'revoked'),
    )
    .option('--email <address>', 'those for this address')
    .page('invites', inviteShape)
    .examples(
      ['fluentmeet invites list --state usable', 'What can still be used'],
      ['fluentmeet invites list --json | jq ".invites[].id"', 'In a script'],
    )
    .action(run(async () => (await import('./invites.js')).invitesList));

  invites
    .command('revoke')
    .description('End an invite at once; the accounts made with it stay')
    .argument('<id>', 'the id in "invites list"', rowId)
    .reveal()
    .json(inviteShape)
    .examples(
      ['fluentmeet invites revoke 12', 'Somebody posted it in public'],
      [
        `fluentmeet invites list --state usable --json | jq '.invites[].id' | xargs -n1 fluentmeet invites revoke`,
        'All that can still be used',
      ],
    )
    .action(run(async () => (await import('./invites.js')).invitesRevoke));
};
