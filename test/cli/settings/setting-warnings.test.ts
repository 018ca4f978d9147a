import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { FluentMeetOptions } from '../../../src/options/options.js';
import { runCli } from '../run-cli.js';
import { settingWarnings } from '../../../src/cli/settings/setting-warnings.js';

const warningsOf = (env: Record<string, string>, hostOptions?: Partial<FluentMeetOptions>) =>
  settingWarnings({ env, cwd: tmpdir(), hostOptions });

describe('warnings of settings', () => {
  it('are none where all is well', () => {
    expect(
      warningsOf({
        FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
        FLUENTMEET_SECRET: randomBytes(16).toString('hex'),
        FLUENTMEET_SIGNUP: 'open',
        PATH: '/bin',
        FLUENTD_HOST: 'logs',
        FLUENTMEET_SIGNUPS: '',
      }),
    ).to.deep.equal([]);
  });

  it('tell who conceals that the link alone is then no proof', () => {
    const conceal = { FLUENTMEET_DUPLICATES: 'conceal' };
    expect(warningsOf(conceal).map(({ variable }) => variable)).to.deep.equal(['FLUENTMEET_DUPLICATES']);
    expect(warningsOf({ ...conceal, FLUENTMEET_PROOF: 'link-and-password' })).to.deep.equal([]);
  });

  it("tell the same of the host's module, by the names of its options", () => {
    const named = (host: Partial<FluentMeetOptions>, env: Record<string, string> = {}) =>
      warningsOf(env, host).map(({ variable }) => variable);
    expect(named({ duplicates: 'conceal' })).to.deep.equal(['duplicates']);
    expect(named({ duplicates: 'conceal', proof: 'link-and-password' })).to.deep.equal([]);
    expect(named({ proof: 'link-and-password' }, { FLUENTMEET_DUPLICATES: 'conceal' })).to.deep.equal([]);
    expect(named({ duplicates: 'conceal' }, { FLUENTMEET_PROOF: 'link-and-password' })).to.deep.equal([]);
    const plain = { publicUrl: 'http://app.example.com' };
    expect(named({ ...plain, challenge: 'altcha' })).to.deep.equal(['publicUrl', 'challenge']);
    expect(named({ ...plain, challenge: () => true })).to.deep.equal(['publicUrl']);
    expect(named(plain, { FLUENTMEET_PUBLIC_URL: 'https://app.example.com' })).to.deep.equal([]);
    expect(named({ secret: 'x'.repeat(40) })).to.deep.equal(['secret']);
  });

  it('tell of http:// for another machine', () => {
    for (const url of ['http://app.example.com', 'http://10.0.0.1:3000', 'HTTP://localhost.example.com']) {
      const [warning] = warningsOf({ FLUENTMEET_PUBLIC_URL: url });
      expect(warning?.variable, url).to.equal('FLUENTMEET_PUBLIC_URL');
      expect(JSON.stringify(warning)).not.to.contain(url);
      expect(warningsOf({ FLUENTMEET_VERIFICATION_URL: url })[0]?.variable).to.equal(
        'FLUENTMEET_VERIFICATION_URL',
      );
    }
    for (const url of [
      'http://localhost:3000',
      'http://127.0.0.1',
      'http://[::1]:3000',
      'http://a.localhost',
    ]) {
      expect(warningsOf({ FLUENTMEET_PUBLIC_URL: url }), url).to.deep.equal([]);
    }
  });

  it('tell of a challenge that no browser can solve over http://', () => {
    const named = (url: string) =>
      warningsOf({ FLUENTMEET_PUBLIC_URL: url, FLUENTMEET_CHALLENGE: 'altcha' }).map(
        ({ variable }) => variable,
      );
    expect(named('http://app.example.com')).to.include('FLUENTMEET_CHALLENGE');
    expect([...named('https://app.example.com'), ...named('http://localhost:3000')]).to.deep.equal([]);
  });

  it('tell of a secret that is easy to guess', () => {
    for (const secret of ['x'.repeat(40), 'ab'.repeat(20), 'secret'.repeat(7), '1234567890'.repeat(4)]) {
      expect(warningsOf({ FLUENTMEET_SECRET: secret })[0]?.variable, secret).to.equal('FLUENTMEET_SECRET');
      expect(JSON.stringify(warningsOf({ FLUENTMEET_SECRET: secret }))).not.to.contain(secret);
    }
    for (let i = 0; i < 200; i++) {
      const secret = randomBytes(16).toString(i % 2 ? 'hex' : 'base64');
      expect(warningsOf({ FLUENTMEET_SECRET: secret }), secret).to.deep.equal([]);
    }
  });

  for (const [name, meant] of Object.entries({
    FLUENTMEET_SINGUP: 'FLUENTMEET_SIGNUP',
    FLUENTMEET_SIGN_UP: 'FLUENTMEET_SIGNUP',
    fluentmeet_signup: 'FLUENTMEET_SIGNUP',
    FLUENT_MEET_SIGNUP: 'FLUENTMEET_SIGNUP',
    'FLUENTMEET-SIGNUP': 'FLUENTMEET_SIGNUP',
    FLUENTMET_SECRET: 'FLUENTMEET_SECRET',
    FLUENTMEET_SECRETS: 'FLUENTMEET_SECRET',
    FLUENTMEET_PUBLICURL: 'FLUENTMEET_PUBLIC_URL',
    FLUENTMEET_DATABASE_URL: 'DATABASE_URL',
    FLUENTMEET_PORT: 'PORT',
    FLUENTMEET_KAFKA_BROKERS: 'KAFKA_BROKERS',
    KAFKA_BROKER: 'KAFKA_BROKERS',
    KAFAK_BROKERS: 'KAFKA_BROKERS',
    KAFKA_SASL_USER_NAME: 'KAFKA_SASL_USERNAME',
    KAFKA_SASL_PASWORT: 'KAFKA_SASL_PASSWORD',
    DATABASE_URI: 'DATABASE_URL',
    DATABASEURL: 'DATABASE_URL',
    database_url: 'DATABASE_URL',
    SMTP_URI: 'SMTP_URL',
    MAIL_FORM: 'MAIL_FROM',
    REDIS_URI: 'REDIS_URL',
  })) {
    it(`suggest ${meant} for ${name}`, () =>
      expect(warningsOf({ [name]: 'x' })).to.deep.equal([
        {
          variable: name,
          message: 'is no variable of ours, and is not looked at',
          advice: `Did you mean ${meant}?`,
        },
      ]));
  }

  it('stand beside what is missing for them, names alone', async () => {
    const { code, stderr } = await runCli(['serve'], {
      env: { DATABASE_URI: 'postgres://geheim', KAFKA_BROKER: 'geheim:9092', FLUENTMEET_SECRETE: 'geheim' },
    });
    expect(code).to.equal(2);
    expect(stderr)
      .to.contain('but DATABASE_URI is: did you mean DATABASE_URL?')
      .and.contain('but KAFKA_BROKER is: did you mean KAFKA_BROKERS?')
      .and.contain('but FLUENTMEET_SECRETE is: did you mean FLUENTMEET_SECRET?')
      .and.not.contain('geheim');
  });

  it('are silent about a near name where the right one is set, too', () => {
    expect(warningsOf({ DATABASE_URI: 'x', DATABASE_URL: 'postgres://localhost/x' })).to.deep.equal([]);
    expect(warningsOf({ DATABASE_URI: '', KAFKA_BROKER: '' })).to.deep.equal([]);
    expect(warningsOf({ DATABASE_URI: 'x', DATABASE_URL: '' })).to.have.lengthOf(1);
  });

  it('are silent about an ordinary environment, of servers, shells, containers and CI', () => {
    const names = `PATH HOME HOSTNAME HOSTS PORTS POST LOGLEVEL LOG_LEVELS MAIL MAILTO MAILCHECK MAILER EMAIL EMAIL_FROM MAIL_HOST
      MAIL_PORT MAIL_USER MAIL_ROOT MAIL_DRIVER MAIL_TO MAIL_FROM_NAME MAIL_FROM_ADDRESS SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASS
      SMTP_TLS SMTP_FROM SMTP_PASSWORD DB_URL DATABASE DATABASE_NAME DATABASE_HOST DATABASE_USER DATABASE_PORT DATABASE_DSN
      DATABASE_PASSWORD POSTGRES_URL POSTGRES_USER PGHOST PGUSER PGDATABASE REDIS_HOST REDIS_PORT REDIS_DB REDIS_TLS REDIS_USER
      REDIS_PASSWORD KAFKA_BROKER_ID KAFKA_HOME KAFKA_OPTS KAFKA_HEAP_OPTS KAFKA_TOPIC KAFKA_CLIENT_ID KAFKA_GROUP_ID
      KAFKA_BOOTSTRAP_SERVERS KAFKA_LISTENERS KAFKA_ADVERTISED_LISTENERS KAFKA_ZOOKEEPER_CONNECT KAFKA_PORT KAFKA_NODE_ID
      KAFKA_SASL_ENABLED_MECHANISMS KAFKA_PORT_9092_TCP KAFKA_SERVICE_HOST NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS CI DEBUG
      LANG LC_ALL SHELL TERM USER PWD OLDPWD SHLVL TZ TMPDIR EDITOR LOGNAME LS_COLORS SSH_AUTH_SOCK XDG_RUNTIME_DIR DISPLAY
      PUBLIC_URL BASE_URL APP_URL SECRET SECRET_KEY SECRET_KEY_BASE GITHUB_TOKEN GITHUB_REF AWS_REGION AWS_PROFILE
      KUBERNETES_PORT KUBERNETES_SERVICE_HOST npm_config_cache npm_lifecycle_event INIT_CWD COLORTERM HTTP_PROXY no_proxy`;
    expect(warningsOf(Object.fromEntries(names.split(/\s+/).map((name) => [name, 'x'])))).to.deep.equal([]);
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(DATABASE|KAFKA|SMTP|MAIL|REDIS|FLUENT)/i.test(name),
    );
    expect(warningsOf(Object.fromEntries(own) as Record<string, string>)).to.deep.equal([]);
  });

  it('tell of a name of ours that is like none', () => {
    expect(warningsOf({ FLUENTMEET_MILK_AND_SUGAR: 'black' })[0]?.advice).to.match(/docs\/cli.md/);
  });
});
