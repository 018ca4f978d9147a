import { setTimeout as sleep } from 'node:timers/promises';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { atEnd } from './at-end.js';
import { freePorts } from './processes.js';
import { testCertificate } from './smtp-certificate.js';

/** What the server says instead of yes: a code with its text, or a connection that is cut. */
export type SmtpAnswer = { code: number; text?: string } | 'hang-up' | 'silence' | undefined;

export interface SmtpRules {
  /** Of a sender, at MAIL FROM. */
  mail?: (address: string) => SmtpAnswer;
  /** Of a recipient, at RCPT TO. */
  recipient?: (address: string) => SmtpAnswer;
  /** Of a mail, after its last line. */
  data?: (mail: ReceivedMail) => SmtpAnswer;
  /** What a mail that is taken waits for before the server says so. */
  dataLater?: () => Promise<void>;
}

export interface ReceivedMail {
  from: string;
  to: string[];
  raw: string;
  parsed: ParsedMail;
  secure: boolean;
  user: string | undefined;
  at: number;
}

export interface TestSmtp {
  readonly port: number;
  readonly url: string;
  /** Accepted, in the order of their coming. */
  readonly mails: ReceivedMail[];
  rules: SmtpRules;
  /** Connections so far. */
  readonly connections: number;
  /** @throws Error when fewer came in time */
  untilMails(count: number, timeoutMs?: number): Promise<ReceivedMail[]>;
  /** Nobody listens; what is open is cut. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A real SMTP server in this process (smtp-server), which refuses and breaks off as the test says. */
export async function startSmtp(
  rules: SmtpRules = {},
  options: SMTPServerOptions & { fast?: boolean } = {},
): Promise<TestSmtp> {
  const [port] = (await freePorts(1)) as [number];
  const { fast = false, ...given } = options;
  const mails: ReceivedMail[] = [];
  let connections = 0;
  let server: SMTPServer | undefined;

  const answer = (said: SmtpAnswer, session: unknown, done: (error?: Error | null) => void): void => {
    if (said === undefined) done();
    else if (said === 'hang-up') cut(session);
    else if (said !== 'silence')
      done(Object.assign(new Error(said.text ?? 'no'), { responseCode: said.code }));
  };
  const sockets = new Map<string, { destroy(): void }>();
  const cut = (session: unknown): void => sockets.get((session as { id: string }).id)?.destroy();

  const smtp: TestSmtp = {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails,
    rules,
    get connections() {
      return connections;
    },
    async untilMails(count, timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      while (mails.length < count) {
        if (Date.now() > deadline) throw new Error(`${mails.length} mails in ${timeoutMs} ms, not ${count}`);
        await sleep(5);
      }
      return mails;
    },
    async stop() {
      const closing = server;
      server = undefined;
      for (const socket of sockets.values()) socket.destroy();
      if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    async start() {
      server = new SMTPServer({
        ...testCertificate,
        authOptional: true,
        disableReverseLookup: true,
        closeTimeout: 100,
        onConnect(_session, done) {
          connections += 1;
          done();
        },
        onMailFrom: ({ address }, session, done) => answer(smtp.rules.mail?.(address), session, done),
        onRcptTo: ({ address }, session, done) => answer(smtp.rules.recipient?.(address), session, done),
        onData(stream, session, done) {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            void (async () => {
              const raw = Buffer.concat(chunks).toString();
              const mail: ReceivedMail = {
                from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
                to: session.envelope.rcptTo.map(({ address }) => address),
                raw,
                parsed: fast ? ({} as ParsedMail) : await simpleParser(raw),
                secure: session.secure,
                user: session.user as string | undefined,
                at: Date.now(),
              };
              const said = smtp.rules.data?.(mail);
              if (said === undefined) {
                mails.push(mail);
                await smtp.rules.dataLater?.();
              }
              answer(said, session, done);
            })();
          });
        },
        ...given,
      });
      server.on('error', () => undefined);
      const own = server as unknown as {
        connections: Set<{
          id: string;
          _socket: { destroy(): void; once(name: string, act: () => void): void };
        }>;
      };
      server.server.on('connection', () => {
        setImmediate(() => {
          for (const connection of own.connections) {
            if (sockets.has(connection.id)) continue;
            sockets.set(connection.id, connection._socket);
          }
        });
      });
      const listening = server;
      await new Promise<void>((resolve, reject) => {
        listening.once('error', reject);
        listening.listen(port, '127.0.0.1', () => resolve());
      });
    },
  };
  await smtp.start();
  atEnd(() => smtp.stop());
  return smtp;
}
