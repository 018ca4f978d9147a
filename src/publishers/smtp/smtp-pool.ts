import { setMaxListeners } from 'node:events';
import type { SendMailOptions, Transporter } from 'nodemailer';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { withDeadline } from '../../deadline.js';
import { SmtpError, smtpError } from './smtp-error.js';
import type { MailFrom } from './mail-from.js';
import { isThisMachine, type SmtpServer } from './smtp-url.js';

/** One mail, ready to be sent. */
export interface Mail {
  readonly to: string;
  readonly from: MailFrom;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly replyTo?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const connectTimeout = 5_000;
/** Some servers let a stranger wait on purpose before they greet (Postfix's postscreen: 6 s). */
const greetingTimeout = 12_000;
/** RFC 5321 section 4.5.3.2 would allow minutes; the relay's leases and a consumer's session do not. */
const silenceTimeout = 30_000;
/** A server that trickles its answer byte by byte is never silent. */
const mostPerMail = 45_000;
const checkDeadline = 15_000;
/** For the last word of a check: a server that never answers it would hold up the end of the process. */
const farewell = 1_000;

/** What our plugin finds in a mail's options. */
interface Watched {
  /** The last byte of the mail is on its way to the server, which has not answered yet. */
  onHandedOver?: () => void;
}

/** Connections to one SMTP server, by nodemailer, which stays behind this. */
export type SmtpPool = ReturnType<typeof createSmtpPool>;

/** Opens nothing, and loads nodemailer, before the first call. */
export function createSmtpPool(server: SmtpServer) {
  let opened: Promise<Transporter> | undefined;
  const checks = new Set<SMTPConnection>();
  const transport = (): Promise<Transporter> => {
    opened ??= open(server);
    // Not for good: it may be installed meanwhile.
    opened.catch(() => (opened = undefined));
    return opened;
  };
  return {
    /** Mails that go out at once. */
    connections: server.connections,
    /**
     * Resolves once the server has accepted the mail.
     *
     * @param signal ends the try, wherever it stands
     * @param patience milliseconds until the server has to have all of the mail, answered or not
     * @throws SmtpError
     */
    async send(
      { to, from, headers, ...mail }: Mail,
      signal: AbortSignal,
      patience = mostPerMail,
    ): Promise<void> {
      const transporter = await transport();
      // Not `AbortSignal.any`: it costs more, and leaves something of each mail behind in a signal that lives on.
      const ending = new AbortController();
      const end = (): void => ending.abort();
      const deadline = setTimeout(end, mostPerMail).unref();
      // One listener for each mail on the way: many are no leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      let isHandedOver = false;
      const impatience = setTimeout(() => isHandedOver || end(), patience).unref();
      const options: SendMailOptions & Watched = {
        ...mail,
        onHandedOver: () => (isHandedOver = true),
        headers: { ...headers },
        from,
        // As an object: a text would be read as a list of addresses.
        to: { name: '', address: to },
        signal: ending.signal,
      };
      try {
        await transporter.sendMail(options);
      } catch (error) {
        throw smtpError(error, to, isHandedOver);
      } finally {
        clearTimeout(deadline);
        clearTimeout(impatience);
        signal.removeEventListener('abort', end);
      }
    },
    /**
     * Greets, takes up TLS and logs in, on a connection of its own.
     *
     * @param most milliseconds, where there are fewer than usual
     * @throws SmtpError
     */
    async check(most = checkDeadline): Promise<void> {
      // Not nodemailer's `verify`, which nothing ends before the server has said nothing for long.
      const { default: Connection } = await installed(import('nodemailer/lib/smtp-connection'));
      const connection = new Connection({ ...optionsOf(server), socketCloseTimeout: farewell });
      checks.add(connection);
      const late = (): Error => Object.assign(new Error('the check is late'), { code: 'ETIMEDOUT' });
      try {
        await withDeadline(greet(connection, server), Math.min(most, checkDeadline), late);
        connection.quit();
      } catch (error) {
        throw smtpError(error, '');
      } finally {
        checks.delete(connection);
        connection.close();
      }
    },
    /** Lets mails in flight finish, and fails what has not begun, and checks. What is sent afterwards opens new ones. */
    async close(): Promise<void> {
      const closing = opened;
      opened = undefined;
      for (const connection of checks) connection.close();
      (await closing?.catch(() => undefined))?.close();
    },
  };
}

async function open(server: SmtpServer): Promise<Transporter> {
  const nodemailer = await installed(import('nodemailer'));
  const transporter = nodemailer.createTransport({
    ...optionsOf(server),
    pool: true,
    maxConnections: server.connections,
    // A connection that the server has closed while it was idle is no outage: once more, on a new one.
    maxRequeues: 2,
    idleTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transporter.use('stream', (mail, done) => {
    const { onHandedOver } = mail.data as Watched;
    if (onHandedOver) mail.message.processFunc((content) => content.once('end', onHandedOver));
    done();
  });
  return transporter;
}

function optionsOf({ host, port, tls, auth }: SmtpServer) {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    ...(isThisMachine(host) ? { tls: { rejectUnauthorized: false } } : {}),
    // A server that forgot to ask who we are would refuse each recipient for it, and for good.
    ...(auth ? { auth, forceAuth: !isThisMachine(host) } : {}),
    connectionTimeout: connectTimeout + greetingTimeout,
    greetingTimeout,
    dnsTimeout: connectTimeout,
    socketTimeout: silenceTimeout,
  };
}

function greet(connection: SMTPConnection, { host, auth }: SmtpServer): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve());
    connection.on('error', reject).on('end', () => reject(new Error('the connection was closed')));
    connection.connect((error) => {
      if (!error && auth && (connection.allowsAuth || !isThisMachine(host))) connection.login(auth, done);
      else done(error);
    });
  });
}

/** One of nodemailer's modules. */
async function installed<Module>(loading: Promise<Module>): Promise<Module> {
  try {
    return await loading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new SmtpError(
      'missing',
      'nodemailer is not installed beside this package: npm install nodemailer',
      undefined,
    );
  }
}
