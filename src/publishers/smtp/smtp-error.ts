import { cut, maskEmailAddress, oneLine } from '../../logger.js';

/**
 * What an SMTP failure means. Of the server, an outage: `unreachable`, `silent` (connected, no answer in time), `tls`,
 * `auth` (the user is refused, or one is wanted), `busy` (it answered, and takes no mail now), `sender` (it does not take
 * `from`), `missing` (nodemailer is not installed). Of one email alone: `deferred` (4xx: later perhaps), `refused` (5xx),
 * `no-answer` (the connection broke on it, and only on it, or again after all of it was handed over).
 */
export type SmtpErrorCode =
  | 'unreachable'
  | 'silent'
  | 'tls'
  | 'auth'
  | 'busy'
  | 'sender'
  | 'missing'
  | 'deferred'
  | 'refused'
  | 'no-answer';

/** Safe to log and to keep: the server's code, and its words without any address. */
export class SmtpError extends Error {
  override readonly name = 'SmtpError';
  constructor(
    readonly code: SmtpErrorCode,
    /** The message, but for the name of the protocol. */
    readonly said: string,
    /** The server's three digits, where it answered. */
    readonly reply: number | undefined,
    /** The whole mail was handed over and nobody answered: it may have been accepted. */
    readonly mayHaveArrived = false,
  ) {
    super(`SMTP: ${said}`);
  }

  /** It says nothing of the email: another one would have failed as well. */
  get outage(): boolean {
    return !['deferred', 'refused', 'no-answer'].includes(this.code);
  }
}

/** What nodemailer tells of a failure, as far as we look at it. */
interface Failure {
  code?: unknown;
  originalCode?: unknown;
  command?: unknown;
  response?: unknown;
  responseCode?: unknown;
  message?: unknown;
}

/** Authentication is wanted, too weak, or failed (RFC 4954 section 6): the operator's, at whichever command it is said. */
const authReplies = new Set([530, 534, 535, 538]);

/**
 * Whose failure it is (contract, section 4). What the server says at RCPT and DATA is of this one email; everything
 * before, a broken connection and 421 at any time (RFC 5321 section 3.8) are the server's.
 *
 * @param to whose address must not stand in the message
 * @param isHandedOver the server had all of the mail
 */
export function smtpError(failure: unknown, to: string, isHandedOver = false): SmtpError {
  const { code, originalCode, command, response, responseCode } = (failure ?? {}) as Failure;
  const reply = typeof responseCode === 'number' ? responseCode : undefined;
  const at = typeof command === 'string' ? command.split(' ')[0] : undefined;
  const said = reply === undefined ? '' : `${reply} ${answerText(response, to)}`.trim();
  const is = (kind: SmtpErrorCode, message: string): SmtpError => new SmtpError(kind, message, reply);
  // 454: the server cannot ask whoever knows the passwords (RFC 4954 section 4.7).
  if (code === 'EAUTH' && reply !== undefined && reply >= 400 && reply < 500) return is('busy', said);
  if (code === 'EAUTH' || (reply !== undefined && authReplies.has(reply))) {
    return is('auth', `user or password refused${reply === undefined ? '' : ` (${reply})`}`);
  }
  if (code === 'ETLS') return is('tls', `no TLS with this server${said && ` (${said})`}`);
  if (reply === 421) return is('busy', said);
  if (reply !== undefined && (at === 'RCPT' || at === 'DATA')) {
    return is(reply < 500 ? 'deferred' : 'refused', said);
  }
  if (reply !== undefined && at === 'MAIL') {
    // Too large for this server (RFC 1870): another one may fit.
    if (reply === 552) return is('refused', said);
    return is(reply < 500 ? 'busy' : 'sender', said);
  }
  if (reply !== undefined) return is('busy', said);
  if (code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'ESTREAM')
    return is('refused', 'cannot be written as a mail');
  const cause =
    typeof originalCode === 'string' ? originalCode : typeof code === 'string' ? code : 'unknown error';
  if (/CERT|SIGNED|ALTNAME|SSL|TLS/.test(cause))
    return is('tls', `the certificate or the handshake is refused (${cause})`);
  const [kind, what] =
    code === 'ETIMEDOUT' || code === 'EABORT'
      ? (['silent', 'no answer in time'] as const)
      : (['unreachable', 'no connection'] as const);
  return new SmtpError(kind, `${what} (${cause})`, reply, isHandedOver);
}

const longestAnswer = 200;
/** More is not looked at: the patterns below take minutes for a hostile answer of one long line. */
const mostRead = 2_000;

/** What a server says holds the address it is about, in one spelling or another. */
function answerText(response: unknown, to: string): string {
  if (typeof response !== 'string') return '';
  const local = to.slice(0, Math.max(0, to.lastIndexOf('@')));
  const text = oneLine(cut(response, mostRead))
    .replace(/^\d{3}[ -]?/, '')
    .replace(/(?:"[^"]*"|[^\s<>()[\]",;:]+)@(?:\[[^\]\s]*\]|[^\s<>()[\]"',;:]+)/g, maskEmailAddress)
    .replace(/https?:\/\/\S+/gi, '…')
    .replace(/\S*[?&]token=\S*/gi, '…')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, '…')
    .trim();
  const masked = local.length < 2 ? text : replaceWord(text, local);
  return masked.length > longestAnswer ? `${cut(masked, longestAnswer)}…` : masked;
}

/** "unknown user ada": the name alone, whatever stands around it. */
function replaceWord(text: string, word: string): string {
  const escaped = word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w.])${escaped}(?![\\w])`, 'gi'), '***');
}
