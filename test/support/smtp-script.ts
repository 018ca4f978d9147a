import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** The moments of an SMTP session at which a server can answer badly; `dot` is after the whole mail. */
export type SmtpStage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot';

/** A line to say; or `cut` the connection; or say `nothing`. */
export type ScriptedAnswer = string | undefined;

export interface ScriptedSmtp {
  readonly url: string;
  readonly port: number;
  /** What is said in the place of yes; gets the line of the client, of a mail all of it. */
  script: (stage: SmtpStage, line: string) => ScriptedAnswer;
  /** Mails that were handed over whole, answered or not. */
  readonly handedOver: string[];
  readonly connections: number;
  /** Says a line to everybody, late. */
  say(line: string): void;
  close(): Promise<void>;
}

const usual: Record<SmtpStage, string> = {
  greeting: '220 test ESMTP',
  EHLO: '250-test\r\n250 AUTH PLAIN',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  dot: '250 taken',
};

/** A server of the bare protocol, which can fail at any moment of it: also where smtp-server never would. */
export async function startScriptedSmtp(script: ScriptedSmtp['script']): Promise<ScriptedSmtp> {
  const sockets = new Set<Socket>();
  const handedOver: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let buffered = '';
    let isMail = false;
    const say = (stage: SmtpStage, line: string): void => {
      const answer = smtp.script(stage, line) ?? usual[stage];
      if (answer === 'cut') socket.destroy();
      else if (answer !== 'nothing') socket.write(`${answer}\r\n`);
      isMail = stage === 'DATA' && answer.startsWith('354');
    };
    const take = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase().replace('HELO', 'EHLO');
      if (verb === 'EHLO' || verb === 'AUTH' || verb === 'MAIL' || verb === 'RCPT' || verb === 'DATA')
        say(verb, line);
      else if (verb === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    };
    say('greeting', '');
    socket.on('data', (chunk: Buffer) => {
      buffered += chunk.toString('latin1');
      for (;;) {
        const end = buffered.indexOf(isMail ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const text = buffered.slice(0, end);
        buffered = buffered.slice(end + (isMail ? 5 : 2));
        if (isMail) {
          handedOver.push(text);
          say('dot', text);
        } else {
          take(text);
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const smtp: ScriptedSmtp = {
    ...{ url: `smtp://127.0.0.1:${port}`, port, script, handedOver },
    get connections() {
      return connections;
    },
    say(line) {
      for (const socket of sockets) socket.write(`${line}\r\n`);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return smtp;
}
