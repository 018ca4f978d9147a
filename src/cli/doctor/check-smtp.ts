import { SmtpError, type SmtpErrorCode } from '../../publishers/smtp/smtp-error.js';
import { createSmtpPool } from '../../publishers/smtp/smtp-pool.js';
import { parseSmtpUrl, type SmtpServer } from '../../publishers/smtp/smtp-url.js';
import { fail, type Finding, ok, unreachable, warn } from './finding.js';

/** Greets the server, takes up TLS and logs in. Whether it takes mail from MAIL_FROM shows only in sending. */
export async function checkSmtp(url: string): Promise<Finding[]> {
  const parsed = parseSmtpUrl(url);
  if (!parsed.ok) return [];
  const { server } = parsed;
  const pool = createSmtpPool(server);
  try {
    await pool.check();
    return [checkTls(server)];
  } catch (error) {
    return [smtpFinding(error, server)];
  } finally {
    await pool.close();
  }
}

function checkTls({ host, port, tls, auth }: SmtpServer): Finding {
  const answers = `${host}:${port} answers${auth ? ', and takes the user and password' : ''}`;
  return tls === 'off'
    ? warn('smtp', `${answers}; without TLS`, 'Take ?tls=off out of SMTP_URL, unless the network is trusted.')
    : ok('smtp', answers);
}

function smtpFinding(error: unknown, { host, port }: SmtpServer): Finding {
  if (!(error instanceof SmtpError)) return fail('smtp', 'cannot be asked', 'Run it with --debug.');
  const message = `${host}:${port}: ${error.message}`;
  const advice = cures[error.code] ?? away;
  return error.code === 'auth' || error.code === 'missing'
    ? fail('smtp', message, advice)
    : unreachable('smtp', message, advice);
}

const away = 'See whether the server runs, and fix SMTP_URL. Emails wait meanwhile.';

const cures: Partial<Readonly<Record<SmtpErrorCode, string>>> = {
  auth: 'Fix user and password in SMTP_URL; what is special in them is percent-encoded.',
  tls: 'Fix its certificate, use smtps:// or another port; ?tls=off only where the network is trusted.',
  missing: 'Install it: npm install nodemailer',
};
