import { inspectSecret } from '../../verification/inspect-secret.js';
import { countLiveTokens, revokeAllTokens } from '../../desk/revoke-all-tokens.js';
import type { Cli } from '../cli.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { countOf } from '../count-of.js';
import { knowsSecret, type SettingsRequest } from '../options-from-env.js';
import { withFluentMeet } from '../with-fluentmeet.js';

export async function tokensRevokeAll(cli: Cli, { yes = false }: { yes?: boolean }): Promise<void> {
  const { output } = cli;
  demandYes(cli, yes);
  const canCompare = knowsSecret(cli.io);
  const request: SettingsRequest = {
    groups: canCompare ? ['database', 'links'] : ['database'],
    required: ['DATABASE_URL'],
  };
  await withFluentMeet(cli, request, async (internals) => {
    if (canCompare && (await inspectSecret(internals)) === 'same') {
      output.warn(
        'the newest links were made with the very FLUENTMEET_SECRET that is set here: change it first',
      );
    }
    const deed = `Make every verification link useless (${await countLiveTokens(internals)})`;
    await confirmOrStop(cli, internals, { yes, deed, wide: true });
    const signal = cli.interruption();
    const { revoked, pendingEmails } = await revokeAllTokens(internals, { signal });
    output.result({ revoked, pending_emails: pendingEmails }, () => {
      output.line(`Revoked: ${countOf(revoked, 'verification link')}.`);
      if (pendingEmails > 0)
        output.note(`${countOf(pendingEmails, 'pending email')} will be published with fresh links.`);
      if (signal.aborted) output.warn('interrupted: run it again for the rest');
    });
  });
}
