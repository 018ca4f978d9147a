import { getEventListeners } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import type { SmtpError } from '../../../src/publishers/smtp/smtp-error.js';
import { createSmtpPool, type Mail } from '../../../src/publishers/smtp/smtp-pool.js';
import { parseSmtpUrl } from '../../../src/publishers/smtp/smtp-url.js';
import { until } from '../../fluentmeet/test-instance.js';
import { startSmtp, type TestSmtp } from '../../support/smtp.js';

function mail(to: string): Mail {
  return {
    ...{ to, from: { name: 'Émile, Inc.', address: 'no-reply@example.com' }, subject: 'こんにちは' },
    ...{ text: 'Text', html: '<p>HTML</p>', messageId: '<event-1@example.com>', headers: { 'X-One': '1' } },
  };
}

function poolOf(url: string) {
  const parsed = parseSmtpUrl(url);
  if (!parsed.ok) throw new Error(parsed.message);
  return createSmtpPool(parsed.server);
}

const never = new AbortController().signal;

describe('connections to a real SMTP server', () => {
  const opened: { close(): Promise<void> }[] = [];
  const servers: TestSmtp[] = [];
  const serve = async (...settings: Parameters<typeof startSmtp>): Promise<TestSmtp> => {
    const smtp = await startSmtp(...settings);
    servers.push(smtp);
    return smtp;
  };
  const open = (url: string) => {
    const pool = poolOf(url);
    opened.push(pool);
    return pool;
  };
  const failure = async (work: Promise<unknown>): Promise<SmtpError> =>
    work.then(
      () => expect.fail('it worked'),
      (error: SmtpError) => error,
    );

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await Promise.all(servers.splice(0).map((one) => one.stop()));
  });

  it('sends a mail, by TLS where this machine offers it', async () => {
    const smtp = await serve();
    await open(smtp.url).send(mail('ada@example.com'), never);
    const [one] = smtp.mails;
    expect(one?.secure).to.equal(true);
    expect(one?.from).to.equal('no-reply@example.com');
    expect(one?.to).to.deep.equal(['ada@example.com']);
    expect(one?.parsed.from?.value[0]?.name).to.equal('Émile, Inc.');
    expect(one?.parsed.subject).to.equal('こんにちは');
    expect(one?.parsed.messageId).to.equal('<event-1@example.com>');
  });

  it('sends to one address, whatever it looks like', async () => {
    const smtp = await serve();
    await open(smtp.url).send(mail('ada@example.com'), never);
    const error = await failure(open(smtp.url).send(mail('a@example.com>,<b@example.com'), never));
    expect(error.code).to.equal('refused');
    expect(smtp.mails.flatMap(({ to }) => to)).to.deep.equal(['ada@example.com']);
  });

  it('logs in, and names a log-in that is refused', async () => {
    const smtp = await serve(
      {},
      {
        authOptional: false,
        onAuth: ({ username, password }, _session, done) =>
          password === 'right' ? done(null, { user: username }) : done(new Error('no')),
      },
    );
    const url = (password: string) => smtp.url.replace('//', `//mailer:${password}@`);
    await open(url('right')).send(mail('ada@example.com'), never);
    expect(smtp.mails[0]?.user).to.equal('mailer');
    const error = await failure(open(url('wrong')).check());
    expect(error).to.include({ code: 'auth', message: 'SMTP: user or password refused (535)' });
  });

  it('sends nothing without TLS to another machine that offers none', async () => {
    const smtp = await serve({}, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const pool = createSmtpPool({
      ...{ host: '127.0.0.1', port: smtp.port, tls: 'required', auth: undefined, connections: 1 },
    });
    opened.push(pool);
    expect(await failure(pool.send(mail('ada@example.com'), never))).to.include({ code: 'tls' });
    expect(smtp.mails).to.have.length(0);
    // And where this machine offers none, it goes without.
    await open(smtp.url).send(mail('ada@example.com'), never);
    expect(smtp.mails[0]?.secure).to.equal(false);
  });

  it('sends nothing to another machine whose certificate proves nothing, or that asks for no log-in', async () => {
    const smtp = await serve({}, { hideSTARTTLS: false });
    // This machine by a name that does not say so.
    const elsewhere = { host: '127.1', port: smtp.port, connections: 1 };
    const trusting = createSmtpPool({ ...elsewhere, tls: 'required', auth: undefined });
    const known = createSmtpPool({ ...elsewhere, tls: 'off', auth: { user: 'me', pass: 'geheim' } });
    opened.push(trusting, known);
    expect((await failure(trusting.send(mail('ada@example.com'), never))).message).to.contain('certificate');
    const error = await failure(known.send(mail('ada@example.com'), never));
    expect(error).to.include({ code: 'auth' });
    expect(error.message).not.to.contain('geheim');
    expect(smtp.mails).to.have.length(0);
  });

  it('goes without TLS where the URL says so', async () => {
    const smtp = await serve();
    await open(`${smtp.url}?tls=off`).send(mail('ada@example.com'), never);
    expect(smtp.mails[0]?.secure).to.equal(false);
  });

  it('holds its connections open, and sends over new ones when the server has closed them', async () => {
    const smtp = await serve();
    const pool = open(`${smtp.url}?connections=1`);
    for (let count = 0; count < 5; count++) await pool.send(mail('ada@example.com'), never);
    expect(smtp.connections).to.equal(1);
    await smtp.stop();
    await smtp.start();
    await pool.send(mail('ada@example.com'), never);
    expect(smtp.mails).to.have.length(6);
  });

  it('takes a server that is away for an outage, and one that hangs up too', async () => {
    const smtp = await serve();
    const pool = open(smtp.url);
    smtp.rules = { data: () => 'hang-up' };
    expect((await failure(pool.send(mail('ada@example.com'), never))).code).to.equal('unreachable');
    await smtp.stop();
    expect((await failure(pool.send(mail('ada@example.com'), never))).code).to.equal('unreachable');
    expect((await failure(pool.check())).code).to.equal('unreachable');
  });

  it('ends a try when asked to', async () => {
    const ending = new AbortController();
    const smtp = await serve({
      data: () => {
        ending.abort();
        return 'silence';
      },
    });
    const sending = open(smtp.url).send(mail('ada@example.com'), ending.signal);
    expect((await failure(sending)).code).to.equal('silent');
  });

  it('does not begin a try that was ended before', async () => {
    const smtp = await serve();
    const sending = open(smtp.url).send(mail('ada@example.com'), AbortSignal.abort());
    expect((await failure(sending)).code).to.equal('silent');
    expect(smtp.mails).to.be.empty;
  });

  it('leaves nothing behind in a signal that lives as long as the process', async () => {
    const smtp = await serve({
      recipient: (address) => (address.startsWith('no') ? { code: 550 } : undefined),
    });
    const pool = open(smtp.url);
    const ending = new AbortController();
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    await Promise.all(Array.from({ length: 20 }, () => pool.send(mail('ada@example.com'), ending.signal)));
    process.off('warning', note);
    expect(warnings).to.be.empty;
    await failure(pool.send(mail('nobody@example.com'), ending.signal));
    expect(getEventListeners(ending.signal, 'abort')).to.be.empty;
  });

  it('waits for a recipient no longer than it is told to, and for a mail that is handed over as long as ever', async () => {
    let take!: () => void;
    const smtp = await serve({
      recipient: (address) => (address.startsWith('silent') ? 'silence' : undefined),
      dataLater: () => new Promise((resolve) => (take = resolve)),
    });
    const pool = open(smtp.url);
    const send = (to: string) => pool.send(mail(to), new AbortController().signal, 300);
    const taken = send('ada@example.com');
    expect(await failure(send('silent@example.com'))).to.include({ code: 'silent', mayHaveArrived: false });
    take();
    await taken;
    expect(smtp.mails).to.have.length(1);
  });

  it('ends a check of a server that says nothing more, once it is late or the pool is closed', async () => {
    const arrived: Socket[] = [];
    const server = createServer((socket) => {
      arrived.push(socket.on('error', () => undefined).resume());
      socket.write('220 hello\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const pool = poolOf(`smtp://127.0.0.1:${port}`);
      expect(await failure(pool.check(500))).to.include({ code: 'silent' });
      const isOver = (index: number) => () => arrived[index]?.destroyed === true;
      await until(isOver(0), 'the late check has ended', 5_000);
      const checking = failure(pool.check());
      await until(() => arrived.length === 2, 'it is checked again');
      await pool.close();
      expect(await checking).to.include({ code: 'unreachable' });
      await until(isOver(1), 'the second check has ended', 5_000);
    } finally {
      for (const socket of arrived) socket.destroy();
      server.close();
    }
  });

  it('opens new connections where it was closed: another instance may publish through it', async () => {
    const smtp = await serve({});
    const pool = open(smtp.url);
    const send = () => pool.send(mail('ada@example.com'), new AbortController().signal);
    await send();
    await pool.close();
    await send();
    expect(smtp.mails).to.have.length(2);
  });

  it('may be closed before it was opened, and twice', async () => {
    const pool = poolOf('smtp://127.0.0.1:9');
    await pool.close();
    await pool.close();
  });
});
