import type { Declare } from '../command.js';

export const declareTokens: Declare = (program, run) => {
  const tokens = program.command('tokens').description('Withdraw verification links');

  tokens
    .command('revoke-all')
    .description('Make every earlier verification link useless, after a leak of secret and database')
    .option('-y, --yes', 'do not ask')
    .json('{ "revoked": 12, "pending_emails": 3 }')
    .notes(
      `
Change FLUENTMEET_SECRET and restart everything that has the old one first: who knows it could
build the links that are issued after this as well. It warns where no link was made with another secret than the
one that is set here, which is so before a change, and again once all links are newer than it.

Emails that are not published yet get fresh links. Accounts that are verified stay so, and their
old links still say so. Everybody else can ask for a new link on the page of their old one.`,
    )
    .examples(
      ['fluentmeet tokens revoke-all', 'Asks first'],
      ['fluentmeet tokens revoke-all --yes', 'In a script'],
      [
        'fluentmeet emails replay --status published --since 24h',
        'Afterwards: fresh links to those who had theirs lately',
      ],
    )
    .action(run(async () => (await import('./tokens.js')).tokensRevokeAll));
};
