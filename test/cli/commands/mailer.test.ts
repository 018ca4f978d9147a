import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { requireKafka } from '../../support/kafka.js';
import { until } from '../../fluentmeet/test-instance.js';
import { emailMessage, type MailStage, openStage } from '../../mailer/mail-stage.js';
import { startSmtp } from '../../support/smtp.js';
import { createDatabase } from '../../support/postgres.js';
import { runCli } from '../run-cli.js';
import { type RunningServer, runServer } from '../run-server.js';

interface TestMails {
  to: string;
  sent: { template: string; event_id: string }[];
}

describe('fluentmeet mailer', () => {
  let stage: MailStage;
  let env: Record<string, string>;
  before(async function () {
    await requireKafka(this);
  });
  beforeEach(async () => {
    stage = await openStage();
    env = {
      KAFKA_BROKERS: stage.brokers.join(','),
      FLUENTMEET_EMAIL_TOPIC: stage.topics.main,
      SMTP_URL: stage.smtp.url,
      MAIL_FROM: 'Example <no-reply@example.com>',
      FLUENTMEET_ADMIN_PORT: '0',
    };
  });
  afterEach(() => stage.close());

  it('sends the emails of the topic, tells its health and counts, and ends with 0 on SIGTERM', async () => {
    const mailer = runServer(['mailer'], { env });
    const admin = (await mailer.untilEvent('server.admin-listening'))['url'] as string;
    await mailer.untilEvent('mailer.joined');
    await stage.publish(emailMessage('ada@example.com'));
    await mailer.untilEvent('mailer.sent');
    expect(stage.smtp.mails[0]?.parsed.from?.text).to.equal('"Example" <no-reply@example.com>');
    expect((await fetch(`${admin}/healthz`)).status).to.equal(200);
    await until(async () => (await fetch(`${admin}/readyz`)).ok, 'Kafka heard it');
    expect(await (await fetch(`${admin}/readyz`)).json()).to.deep.equal({
      ...{ status: 'ready', kafka: 'joined', smtp: 'answering' },
    });
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    expect(metrics)
      .to.match(/^fluentmeet_mails_total\{result="sent"\} 1$/m)
      .and.match(/^fluentmeet_mails_total\{result="dead"\} 0$/m)
      .and.match(/^fluentmeet_mails_waiting 0$/m)
      .and.match(/^fluentmeet_mailer_sending 1$/m)
      .and.match(/^fluentmeet_mail_seconds_count 1$/m);
    mailer.io.signals.emit('SIGTERM');
    expect(await mailer.ended).to.equal(0);
    expect(mailer.stderr.text).not.to.match(/ada@example|token=t/);
  });

  it('is not ready while the SMTP server is away, and ends within 10 s all the same', async () => {
    await stage.smtp.stop();
    const mailer = runServer(['mailer'], { env });
    const admin = (await mailer.untilEvent('server.admin-listening'))['url'] as string;
    await mailer.untilEvent('mailer.paused');
    const ready = await fetch(`${admin}/readyz`);
    expect(ready.status).to.equal(503);
    expect(await ready.json()).to.include({ status: 'not ready', smtp: 'away' });
    const start = performance.now();
    mailer.io.signals.emit('SIGTERM');
    expect(await mailer.ended).to.equal(0);
    expect(performance.now() - start).to.be.below(10_000);
  });

  it('sends one mail of each template with --test, without Kafka', async () => {
    const { SMTP_URL = '', MAIL_FROM = '' } = env;
    const args = ['mailer', '--test', 'Me@Example.com', '--language', 'ja'];
    const run = await runCli(args, { env: { SMTP_URL, MAIL_FROM } });
    expect(run.stderr).to.equal('');
    expect(run.code).to.equal(0);
    expect(run.stdout)
      .to.contain('verification')
      .and.contain('account-exists')
      .and.contain('m***@example.com');
    expect(stage.smtp.mails.map(({ to }) => to)).to.deep.equal([['me@example.com'], ['me@example.com']]);
    expect(stage.smtp.mails[0]?.parsed.headers.get('content-language')).to.equal('ja');
    const json = (
      await runCli([...args, '--json', '--reveal'], { env: { SMTP_URL, MAIL_FROM } })
    ).json<TestMails>();
    expect(json.to).to.equal('me@example.com');
    expect(json.sent.map(({ template }) => template)).to.deep.equal(['verification', 'account-exists']);
    const ids = stage.smtp.mails.slice(2).map(({ parsed }) => parsed.messageId);
    expect(ids).to.deep.equal(json.sent.map(({ event_id }) => `<${event_id}@example.com>`));
    stage.smtp.rules = { recipient: () => ({ code: 550, text: 'no such user me@example.com' }) };
    const refused = await runCli(args, { env: { SMTP_URL, MAIL_FROM } });
    expect(refused.code).to.equal(1);
    expect(refused.stderr)
      .to.contain('SMTP: 550 no such user m***@example.com')
      .and.contain('another address')
      .and.not.contain('Fix SMTP_URL');
    await stage.smtp.stop();
    const away = await runCli(args, { env: { SMTP_URL, MAIL_FROM } });
    expect(away.code).to.equal(4);
    expect(away.stderr).to.contain('Fix SMTP_URL or MAIL_FROM');
    expect((await runCli(['mailer', '--test', 'nobody'], { env: { SMTP_URL, MAIL_FROM } })).code).to.equal(2);
  });

  it('names the renderEmail of --config where that writes no mail, and not the settings', async () => {
    const { SMTP_URL = '', MAIL_FROM = '' } = env;
    for (const body of ['{}', '{ throw new TypeError("geheim"); }']) {
      const cwd = await mkdtemp(path.join(tmpdir(), 'mailer-'));
      await writeFile(path.join(cwd, 'host.mjs'), `export default { renderEmail: () => ${body} };`);
      const args = ['mailer', '--test', 'me@example.com', '--config', 'host.mjs'];
      const run = await runCli(args, { cwd, env: { SMTP_URL, MAIL_FROM } });
      await rm(cwd, { recursive: true });
      expect(run.code, body).to.equal(1);
      expect(run.stderr, body)
        .to.contain('renderEmail of --config')
        .and.not.match(/SMTP_URL|geheim/);
    }
    expect(stage.smtp.mails).to.deep.equal([]);
  });

  it('claims nothing of the mails that went out before the one that renderEmail does not write', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'mailer-'));
    const body = `template === 'verification' ? { subject: 'Hello', text: 'Hello', html: '<p>Hello' } : undefined`;
    await writeFile(
      path.join(cwd, 'host.mjs'),
      `export default { renderEmail: ({ value: { template } }) => ${body} };`,
    );
    const args = ['mailer', '--test', 'me@example.com', '--config', 'host.mjs'];
    const run = await runCli(args, { cwd, env });
    await rm(cwd, { recursive: true });
    expect(run.stderr).to.contain('Fix the renderEmail of --config').and.not.contain('Nothing was sent');
    expect(stage.smtp.mails).to.have.lengthOf(1);
  });

  it('refuses what belongs to --test where that is missing, and sends nothing', async () => {
    for (const flag of [['--language', 'fr'], ['--json'], ['--reveal']]) {
      const run = await runCli(['mailer', ...flag], { env });
      expect(run.code).to.equal(2);
      expect(run.stderr).to.contain(`${flag[0]} goes with --test alone`);
    }
    expect(stage.smtp.mails).to.deep.equal([]);
  });

  it('refuses a language that is none, and takes one in any letter case', async () => {
    const { SMTP_URL = '', MAIL_FROM = '' } = env;
    const test = (language: string) =>
      runCli(['mailer', '--test', 'me@example.com', '--language', language], {
        env: { SMTP_URL, MAIL_FROM },
      });
    const refused = await test('english');
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.contain('--language: ');
    expect(stage.smtp.mails).to.deep.equal([]);
    expect((await test('PT-br')).code).to.equal(0);
    expect(stage.smtp.mails[0]?.parsed.headers.get('content-language')).to.match(/^pt/);
  });

  it('names every setting that is missing or wrong, and shows none', async () => {
    const missing = await runCli(['mailer'], { env: {} });
    expect(missing.code).to.equal(2);
    for (const name of ['KAFKA_BROKERS', 'SMTP_URL', 'MAIL_FROM']) expect(missing.stderr).to.contain(name);
    const wrong = await runCli(['mailer'], {
      env: { ...env, SMTP_URL: 'smtp://me:geheim%zz@mail.example.com', MAIL_FROM: 'a@geheim.example, b@c.d' },
    });
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.contain('percent-encoding').and.contain('MAIL_FROM').and.not.contain('geheim');
  });
});

describe('fluentmeet relay with SMTP_URL and without Kafka', () => {
  it('publishes by mail, and register does too', async () => {
    const smtp = await startSmtp({
      recipient: (address) => (address.startsWith('gone') ? { code: 550, text: `no ${address}` } : undefined),
    });
    const database = await createDatabase();
    const env = {
      DATABASE_URL: database.url,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'no-reply@example.com',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: 's'.repeat(32),
      FLUENTMEET_BCRYPT_COST: '4',
      FLUENTMEET_BRAND_NAME: 'Somebody Else',
    };
    let relay: RunningServer | undefined;
    try {
      await runCli(['migrate', 'up'], { env });
      const register = (email: string, settings: Record<string, string>) =>
        runCli(['register', '--email', email, '--listening', 'de', '--password-stdin'], {
          env: settings,
          stdin: 'MyStr0ngP@ss!',
        });
      const own = await register('ada@example.com', env);
      expect(own.code).to.equal(0);
      expect(own.stderr, 'there is no topic').to.contain('without Kafka').and.not.contain('topic');
      const [mail] = await smtp.untilMails(1);
      expect(mail?.parsed.subject).to.contain('Somebody Else');
      expect(mail?.parsed.from?.text).to.equal('"Somebody Else" <no-reply@example.com>');
      expect(mail?.parsed.headers.get('content-language')).to.equal('de');
      const { SMTP_URL: _url, MAIL_FROM: _from, ...elsewhere } = env;
      await register('gone@example.com', elsewhere);
      await register('grace@example.com', elsewhere);
      relay = runServer(['relay'], { env });
      await smtp.untilMails(2);
      await relay.untilEvent('email.rejected');
      expect(smtp.mails[1]?.to).to.deep.equal(['grace@example.com']);
      const list = await runCli(['emails', 'list', '--json'], { env });
      const { emails } = list.json<{ emails: { status: string; last_error: string | null }[] }>();
      expect(emails.map(({ status }) => status)).to.deep.equal(['published', 'pending', 'published']);
      expect(emails[1]?.last_error).to.equal('SMTP: 550 no g***@example.com');
    } finally {
      relay?.io.signals.emit('SIGTERM');
      await relay?.ended;
      await smtp.stop();
      await database.drop();
    }
  });

  it('wants a sender, and one of Kafka and SMTP', async () => {
    const neither = await runCli(['serve'], { env: {} });
    expect(neither.stderr).to.contain('KAFKA_BROKERS').and.not.contain('MAIL_FROM');
    const nobody = await runCli(['relay'], { env: { SMTP_URL: 'smtp://localhost' } });
    expect(nobody.stderr).to.contain('MAIL_FROM').and.not.contain('KAFKA_BROKERS');
  });
});

describe('fluentmeet doctor with SMTP_URL', () => {
  const smtpOf = async (env: Record<string, string>) => {
    const run = await runCli(['doctor', '--json'], { env: { MAIL_FROM: 'a@b.example', ...env } });
    const { checks } = run.json<{
      checks: { check: string; status: string; message: string; advice: string | null }[];
    }>();
    return checks.find(({ check }) => check === 'smtp');
  };

  it('greets the server, and says how to mend what stands in the way', async () => {
    const smtp = await startSmtp(
      {},
      {
        authOptional: false,
        onAuth: ({ password }, _session, done) =>
          password === 'right' ? done(null, { user: 'me' }) : done(new Error('no')),
      },
    );
    const url = (password: string) => smtp.url.replace('//', `//me:${password}@`);
    expect(await smtpOf({ SMTP_URL: url('right') })).to.include({ status: 'ok' });
    const wrong = await smtpOf({ SMTP_URL: url('geheim') });
    expect(wrong).to.include({ status: 'fail' });
    expect(wrong?.message).to.contain('user or password refused').and.not.contain('geheim');
    expect(await smtpOf({ SMTP_URL: `${url('right')}?tls=off` })).to.include({ status: 'fail' });
    await smtp.stop();
    expect((await smtpOf({ SMTP_URL: url('right') }))?.message).to.contain('ECONNREFUSED');
    expect(await smtpOf({})).to.equal(undefined);
  });
});
