import { type EmailTemplate, templateNames } from '../../outbox/templates.js';
import type { MailWriter } from '../../publishers/smtp/mail-writer.js';
import { SmtpError } from '../../publishers/smtp/smtp-error.js';
import { sampleEmail } from '../../outbox/sample-email.js';
import { canonicalEmailAddress } from '../../users/email-address.js';
import type { Cli } from '../cli.js';
import { CliError, exitCodes, UsageError } from '../cli-error.js';

const longestTry = 60_000;

/** One mail of each template, with a link that leads nowhere. */
export async function sendTestMails(
  { output, mask }: Cli,
  writer: MailWriter,
  to: string,
  language: string,
): Promise<void> {
  const canonical = canonicalEmailAddress(to);
  if (!canonical.ok) throw new UsageError('--test is not an email address');
  const sent: { template: EmailTemplate; message_id: string }[] = [];
  try {
    for (const template of templateNames) {
      const email = sampleEmail({ template, to: canonical.address, language });
      await writer.send(email, AbortSignal.timeout(longestTry));
      sent.push({ template, message_id: email.headers['event-id'] });
    }
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error;
    throw new CliError(error.message, {
      exitCode: error.outage ? exitCodes.unreachable : exitCodes.failed,
      advice: 'Fix SMTP_URL or MAIL_FROM; "fluentmeet doctor" looks closer.',
      cause: error,
    });
  } finally {
    await writer.close();
  }
  output.result({ to: mask.address(canonical.address), sent }, () => {
    for (const { template } of sent)
      output.line(template, ': accepted by the server for ', mask.address(canonical.address));
  });
}
