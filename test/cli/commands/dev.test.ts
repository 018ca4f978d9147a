import { expect } from 'chai';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compiled } from '../../support/compiled.js';
import { consumeAll, requireKafka } from '../../support/kafka.js';
import { family, untilEnded } from '../../support/processes.js';
import { startSmtp } from '../../support/smtp.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Dev {
  child: ChildProcess;
  url: string;
  stdout: () => string;
  stderr: () => string;
  /** Every process that it started, itself first. */
  processes(): number[];
  end(signal: NodeJS.Signals): Promise<number | null>;
}

describe('fluentmeet dev', function () {
  this.timeout(120_000);
  let folder: string;
  const running: Dev[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "fluentmeet dev's-"));
  });
  afterEach(async () => {
    for (const dev of running.splice(0)) await dev.end('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  function run(args: string[], more: Record<string, string> = {}) {
    const own = {
      FLUENTMEET_DATA_DIR: path.join(folder, 'data'),
      FLUENTMEET_BCRYPT_COST: '4',
      KAFKA_BROKERS: '',
      SMTP_URL: '',
    };
    const env = { ...process.env, ...own, ...more };
    const child = spawn(process.execPath, [compiled('bin/fluentmeet.ts'), 'dev', ...args], {
      cwd: root,
      env,
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
    return { child, stdout: () => written.stdout, stderr: () => written.stderr };
  }

  async function start(more?: Record<string, string>): Promise<Dev> {
    const { child, stdout, stderr } = run(['--port', '0'], more);
    await until(() => {
      if (child.exitCode !== null) throw new Error(stderr());
      return stdout().includes('OpenAPI');
    });
    const url = /^Sign up\t(.*)\/$/m.exec(stdout())?.[1] ?? '';
    const dev: Dev = {
      child,
      url,
      stdout,
      stderr,
      processes: () => descendants(child.pid as number),
      async end(signal) {
        if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
        const all = dev.processes();
        child.kill(signal);
        await once(child, 'exit');
        await untilEnded(all);
        return child.exitCode;
      },
    };
    running.push(dev);
    return dev;
  }

  const signUp = (url: string, email: string, more: object = {}) =>
    fetch(`${url}/api/v1/auth/signup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: 'MyStr0ngP@ss!', full_name: 'Ada <b>L</b>', ...more }),
    });

  async function untilMailbox(url: string, text: string): Promise<string> {
    let page = '';
    await until(async () => (page = await (await fetch(`${url}/mailbox`)).text()).includes(text));
    return page;
  }

  it('signs a person up, shows the email, verifies by its link, and keeps both over a restart', async () => {
    const elsewhere = 'postgres://nobody:hunter2@127.0.0.1:1/production';
    const config = path.join(folder, 'host.mjs');
    await writeFile(
      config,
      `const publicUrl = 'http://localhost:1';
       export default { publicUrl, verificationUrl: publicUrl + '/verify', brand: { signupUrl: publicUrl + '/join' }, hooks: {} };`,
    );
    const first = await start({
      DATABASE_URL: elsewhere,
      FLUENTMEET_TOKEN_TTL: '3d',
      FLUENTMEET_CONFIG: config,
    });
    expect(first.stderr()).to.contain('Hooks are called with this database');
    expect(first.stderr()).to.contain('DATABASE_URL is ignored').and.not.contain('hunter2');
    await until(() => first.stderr().includes('Ctrl-C stops'));
    const [, command = ''] = /on this database: (.*)/.exec(first.stderr()) ?? [];
    const pasted = await promisify(execFile)('sh', ['-c', `${command}; printf %s "$DATABASE_URL"`], {
      cwd: root,
    });
    expect(pasted.stdout).to.match(/^postgresql:.*127\.0\.0\.1/);

    const page = await fetch(`${first.url}/`);
    expect(page.headers.get('content-security-policy'))
      .to.contain("default-src 'none'")
      .and.not.contain('unsafe');
    const form = await page.text();
    expect(form)
      .to.contain('<form')
      .and.contain('href="/mailbox"')
      .and.not.match(/ on\w+=|<script>|style=/);

    expect((await signUp(first.url, 'ada@example.com')).status).to.equal(201);
    await untilMailbox(first.url, 'ada@example.com');
    const mail = await (await fetch(`${first.url}/mailbox/html`)).text();
    expect(mail).to.contain('Hello,').and.not.contain('<b>L');
    const message = await (await fetch(`${first.url}/mailbox?view=message`)).text();
    expect(message).to.contain('Ada &lt;b&gt;L&lt;/b&gt;').and.not.contain('<b>L');
    const link = /href="[^"]*(\/api\/v1\/auth\/verify-email\?token=[^"]*)"/.exec(mail)?.[1] ?? '';
    expect(mail).to.contain(first.url + link);
    const [kept = ''] = (await readFile(path.join(folder, 'data', 'mailbox.jsonl'), 'utf8')).split('\n');
    const { headers } = JSON.parse(kept) as { headers: Record<'created-at' | 'expires-at', string> };
    const life = Date.parse(headers['expires-at']) - Date.parse(headers['created-at']);
    expect(life / 3_600_000, 'the life of a link as it was set').to.be.closeTo(72, 0.01);
    expect(await first.end('SIGINT')).to.equal(0);

    // At another port: the link from before goes on working.
    const second = await start();
    await untilMailbox(second.url, 'ada@example.com');
    expect(await (await fetch(`${second.url}/mailbox/html`)).text()).to.contain(second.url + link);
    const verified = await fetch(second.url + link, { headers: { Accept: 'application/json' } });
    expect(await verified.json()).to.include({ status: 'ok' });
    expect((await signUp(second.url, 'ADA@example.com')).status).to.equal(409);
    for (const name of ['secret', 'mailbox.jsonl', 'database-url']) {
      expect((await stat(path.join(folder, 'data', name))).mode & 0o777, name).to.equal(0o600);
    }
    const log = first.stderr() + second.stderr() + first.stdout() + second.stdout();
    expect(log).not.to.contain(
      await readFile(path.join(folder, 'data', 'secret'), 'utf8').then((text) => text.trim()),
    );
    expect(log).not.to.match(/MyStr0ngP@ss!|\$2b\$|token=/);
    expect(await second.end('SIGTERM')).to.equal(0);
  });

  it('leaves no postgres behind after kill -9, and starts again on the same data', async () => {
    const first = await start();
    await signUp(first.url, 'ada@example.com');
    expect(first.processes().length).to.be.above(2);
    await first.end('SIGKILL');
    const second = await start();
    expect((await signUp(second.url, 'ada@example.com')).status).to.equal(409);
    await untilMailbox(second.url, 'ada@example.com');
  });

  it('says how to choose another port when this one is taken, and has started nothing', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const { child, stdout, stderr } = run(['--port', port]);
    const [code] = await once(child, 'close');
    taken.close();
    expect({ code, stdout: stdout() }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr()).to.contain(`port ${port} is taken`).and.contain('--port');
    await stat(path.join(folder, 'data')).then(
      () => expect.fail('it made its folder'),
      () => undefined,
    );
  });

  it('names the variable of its folder where it can keep nothing there', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const { child, stderr } = run(['--port', '0'], { FLUENTMEET_DATA_DIR: path.join(file, 'data') });
    const [code] = await once(child, 'close');
    expect(code).to.equal(1);
    expect(stderr()).to.contain('ENOTDIR').and.contain('FLUENTMEET_DATA_DIR').and.not.contain(' at ');
  });

  it('answers to its own names alone, so that no other page can read the mailbox', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const statusAt = async (host: string, at: string) => {
      const request = get({ host: '127.0.0.1', port, path: at, headers: { host } });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    for (const at of ['/', '/mailbox', '/api/v1/auth/signup', '/openapi.json', '/openapi']) {
      expect(await statusAt(`evil.example:${port}`, at), at).to.equal(421);
    }
    for (const host of [`localhost:${port}`, 'LOCALHOST.', '127.0.0.1', '[::1]']) {
      expect(await statusAt(host, '/mailbox'), host).to.equal(200);
    }
  });

  it('shows the email also while Kafka is away', async () => {
    const dev = await start({ KAFKA_BROKERS: '127.0.0.1:1' });
    expect(dev.stdout()).to.contain('Emails go to\tKafka (127.0.0.1:1)');
    expect((await signUp(dev.url, 'ada@example.com')).status).to.equal(201);
    await untilMailbox(dev.url, 'ada@example.com');
    await until(() => dev.stderr().includes('relay.away'));
  });

  it('sends real mails too where an SMTP server is named, in the language of the person', async () => {
    const smtp = await startSmtp();
    const dev = await start({
      SMTP_URL: smtp.url,
      MAIL_FROM: 'Acme <no-reply@example.com>',
      FLUENTMEET_BRAND_NAME: 'Acme',
    });
    expect(dev.stdout()).to.contain(`(127.0.0.1:${smtp.port})`);
    expect((await signUp(dev.url, 'ada@example.com', { listening_language: 'de-AT' })).status).to.equal(201);
    const [mail] = await smtp.untilMails(1);
    expect(mail?.parsed.subject).to.equal('Bestätigen Sie Ihr Konto bei Acme');
    expect(mail?.parsed.text).to.contain(`${dev.url}/api/v1/auth/verify-email?token=`);
    expect(await untilMailbox(dev.url, 'ada@example.com')).to.contain('their readers');
  });

  it('publishes to the Kafka that is named too, and creates the topic where it is missing', async function () {
    const { brokers } = await requireKafka(this);
    const topic = `dev-${randomBytes(6).toString('hex')}`;
    const dev = await start({ KAFKA_BROKERS: brokers.join(','), FLUENTMEET_EMAIL_TOPIC: topic });
    expect((await signUp(dev.url, 'ada@example.com')).status).to.equal(201);
    await untilMailbox(dev.url, 'ada@example.com');
    await until(() => dev.stderr().includes('email.published'));
    expect(dev.stderr()).to.contain('kafka.topic-created');
    const [message, ...more] = await consumeAll(brokers, topic, { until: (all) => all.length >= 1 });
    expect(JSON.parse(message?.value ?? '')).to.include({ to: 'ada@example.com', template: 'verification' });
    expect(more).to.have.length(0);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${String(condition)}`);
    await delay(20);
  }
}

function descendants(pid: number): number[] {
  const [, ...children] = family(pid);
  return [pid, ...children.flatMap(descendants)];
}
