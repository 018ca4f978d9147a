import { type Diagnosis, explainUser, type Explanation } from '../../desk/explain-user.js';
import type { Internals } from '../../fluentmeet.js';
import type { Cli } from '../cli.js';
import type { SettingsRequest } from '../options-from-env.js';
import { cellText, styled } from '../output.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { accountReference, emailJson, userJson } from './entities.js';

const request: SettingsRequest = { groups: ['database', 'emails', 'kafka'], required: ['DATABASE_URL'] };

export async function usersExplain(cli: Cli, reference: string): Promise<void> {
  const explanation = await withFluentMeet(cli, request, ({ internals }) =>
    explain(cli, internals, reference),
  );
  const { output, mask } = cli;
  const { diagnosis, summary, details, advice, account, emails, links } = explanation;
  const value = {
    diagnosis,
    summary,
    details,
    advice,
    user: account && userJson(account, mask),
    emails: emails.map((email) => emailJson(email, mask)),
    links: links.map(({ created_at: issued_at, expires_at, used_at }) => ({
      issued_at,
      expires_at,
      used_at,
    })),
  };
  output.result(value, () => {
    output.line(styled('bold', summary));
    if (details.length > 0) output.line();
    for (const sentence of details) output.line('  ', sentence);
    output.line();
    output.line(styled('bold', 'What to do'));
    for (const sentence of advice) output.line('  ', sentence);
  });
}

/** Those in which it matters whether Kafka can be reached. */
const waiting: readonly Diagnosis[] = ['due', 'relay-behind', 'relay-stopped'];

async function explain({ output }: Cli, internals: Internals, reference: string): Promise<Explanation> {
  const when = (time: Date): string => cellText(time, output.terminal && !output.json);
  const first = await explainUser(internals, accountReference(reference), { when });
  const { publisher } = internals;
  if (!publisher || !waiting.includes(first.diagnosis)) return first;
  const outage = await publisher.check().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : 'unknown error'),
  );
  return explainUser(internals, accountReference(reference), { when, outage });
}
