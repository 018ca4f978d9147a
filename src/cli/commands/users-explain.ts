import { explainUser } from '../../desk/explain-user.js';
import type { Cli } from '../cli.js';
import { explainInWords } from '../explain-in-words.js';
import { knowsSecret } from '../settings/options-from-env.js';
import { cellText, styled } from '../terminal/cell.js';
import { withFluentMeet } from '../with-fluentmeet.js';
import { accountReference } from '../account-reference.js';
import { emailJson, userJson } from '../masked-rows.js';

export async function usersExplain(cli: Cli, reference: string): Promise<void> {
  const { output, mask } = cli;
  // Mails to a mailbox are counted under the secret: without it the rest can still be told.
  const canCount = knowsSecret(cli.io);
  const groups = [
    'database',
    'emails',
    'kafka',
    'signup',
    ...(canCount ? (['links'] as const) : []),
  ] as const;
  const explanation = await withFluentMeet(cli, { groups }, (internals) =>
    explainUser(internals, accountReference(reference)),
  );
  const { diagnosis, account, emails, links } = explanation;
  const when = (time: Date): string => cellText(time, output.terminal && !output.json);
  const { summary, details, advice: plain } = explainInWords(explanation, when);
  const advice = plain.map(output.advice);
  const value = {
    diagnosis: diagnosis.code,
    summary,
    details,
    advice,
    user: account && userJson(account, mask),
    emails: emails.map((email) => emailJson(email, mask)),
    links: links.map(({ created_at: issued_at, ...rest }) => ({ issued_at, ...rest })),
  };
  output.result(value, () => {
    output.sentence(summary, { style: 'bold' });
    if (details.length > 0) output.line();
    for (const sentence of details) output.sentence(sentence, { indent: '  ' });
    output.line();
    output.line(styled('bold', 'What to do'));
    for (const sentence of advice) output.sentence(sentence, { indent: '  ' });
    if (!canCount) {
      output.note('Without a FLUENTMEET_SECRET here, how often they asked for an email is not known.');
    }
  });
}
