import { inspectSecret } from '../../verification/inspect-secret.js';
import { countLiveTokens, revokeAllTokens } from '../../desk/revoke-all-tokens.js';
import type { Cli } from '../cli.js';
import { confirmOrStop, demandYes } from '../confirm.js';
import { countOf } from '../count-of.js';
import { knowsSecret } from '../settings/options-from-env.js';
import type { VariableGroup } from '../settings/variables.js';
import { withFluentMeet } from '../with-fluentmeet.js';

export async function tokensRevokeAll(cli: Cli, { yes = false }: { yes?: boolean }): Promise<void> {
  const { output } = cli;
  demandYes(cli, yes);
  const canCompare = knowsSecret(cli.io);
  const groups: VariableGroup[] = canCompare ? ['database', 'links'] : ['database'];
  await withFluentMeet(cli, { groups }, async (internals) => {
    // Once a link of another secret is among them, the secret was changed lately.
    if (canCompare && (await inspectSecret(internals, 'oldest')) === 'same') {
      output.warn(
        'every link that works was made with the FLUENTMEET_SECRET that is set here: if that is the one that leaked, change it first; if you have changed it since, go on',
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
