import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliError } from '../../../src/cli/cli-error.js';
import {
  inspectSettings,
  readSettings,
  type SettingsRequest,
} from '../../../src/cli/settings/options-from-env.js';
import { variables } from '../../../src/cli/settings/variables.js';

const everything: SettingsRequest = {
  groups: ['database', 'links', 'emails', 'kafka', 'signup', 'server', 'dev'],
  required: ['DATABASE_URL', 'KAFKA_BROKERS', 'FLUENTMEET_PUBLIC_URL', 'FLUENTMEET_SECRET'],
};
const least = {
  DATABASE_URL: 'postgres://app:hunter2@db/app',
  KAFKA_BROKERS: 'a:9092, b:9093',
  FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
  FLUENTMEET_SECRET: 'x'.repeat(32),
};

describe('options from the environment', () => {
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'fluentmeet-env-'));
  });
  after(() => rm(cwd, { recursive: true }));

  it('gives every variable of the contract its place, and defaults to the rest', () => {
    const { options, server, dataDirectory } = readSettings(
      {
        cwd,
        env: {
          ...least,
          KAFKA_SSL: 'true',
          KAFKA_SASL_MECHANISM: 'scram-sha-512',
          KAFKA_SASL_USERNAME: 'u',
          KAFKA_SASL_PASSWORD: 'p',
          REDIS_URL: 'redis://r:6379',
          PORT: '0',
          HOST: '0.0.0.0',
          LOG_LEVEL: 'debug',
          FLUENTMEET_VERIFICATION_URL: 'https://app.example.com/verify',
          FLUENTMEET_DATABASE_SCHEMA: 'fm',
          FLUENTMEET_EMAIL_TOPIC: 'mails',
          FLUENTMEET_EMAIL_MAX_ATTEMPTS: '3',
          FLUENTMEET_EMAIL_RETENTION: '7d',
          FLUENTMEET_DOMAIN_LIMIT: '200',
          FLUENTMEET_DOMAIN_LIMIT_EXCEPT: 'example.com, example.org',
          FLUENTMEET_PREVIOUS_SECRETS: `${'a'.repeat(32)}, ${'b'.repeat(32)}`,
          FLUENTMEET_TOKEN_TTL: '1h',
          FLUENTMEET_BCRYPT_COST: '11',
          FLUENTMEET_HASH_CONCURRENCY: '2',
          FLUENTMEET_SIGNUP: 'invite',
          FLUENTMEET_LANGUAGES: 'en, fr-CA',
          FLUENTMEET_PASSWORD_MIN_SCORE: '3',
          FLUENTMEET_DUPLICATES: 'conceal',
          FLUENTMEET_SIGNUP_RATE_LIMIT: '20',
          FLUENTMEET_TRUST_PROXY: 'loopback, 10.0.0.0/8',
          FLUENTMEET_ADMIN_PORT: '9464',
          FLUENTMEET_DATA_DIR: 'data',
          FLUENTMEET_STOP_DELAY: '5s',
        },
      },
      everything,
    );
    expect(options).to.deep.equal({
      database: least.DATABASE_URL,
      databaseSchema: 'fm',
      publicUrl: least.FLUENTMEET_PUBLIC_URL,
      verificationUrl: 'https://app.example.com/verify',
      secret: least.FLUENTMEET_SECRET,
      previousSecrets: ['a'.repeat(32), 'b'.repeat(32)],
      tokenTtl: '1h',
      kafka: {
        brokers: ['a:9092', 'b:9093'],
        ssl: true,
        sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
      },
      emailTopic: 'mails',
      emailMaxAttempts: 3,
      emailRetention: '7d',
      domainLimit: { perHour: 200, except: ['example.com', 'example.org'] },
      bcryptCost: 11,
      hashConcurrency: 2,
      signup: 'invite',
      languages: ['en', 'fr-CA'],
      passwordMinScore: 3,
      duplicates: 'conceal',
      rateLimits: { signup: 20 },
    });
    expect(server).to.deep.equal({
      port: 0,
      host: '0.0.0.0',
      adminPort: 9464,
      adminHost: '127.0.0.1',
      trustProxy: 'loopback, 10.0.0.0/8',
      redisUrl: 'redis://r:6379',
      logLevel: 'debug',
      stopDelay: 5_000,
    });
    expect(dataDirectory).to.equal(path.join(cwd, 'data'));

    const defaults = readSettings({ cwd, env: least }, everything);
    expect(defaults.server).to.deep.include({
      port: 3000,
      host: '127.0.0.1',
      trustProxy: false,
      logLevel: 'info',
    });
    expect(defaults.dataDirectory).to.equal(path.join(cwd, '.fluentmeet'));
  });

  it('takes a challenge by its name, with its difficulty, and nothing else', () => {
    const challengeOf = (text: string) =>
      inspectSettings({ cwd, env: { ...least, FLUENTMEET_CHALLENGE: text } }, everything);
    expect(challengeOf('altcha').settings?.options.challenge).to.equal('altcha');
    expect(challengeOf('altcha:2000').settings?.options.challenge).to.deep.equal({
      altcha: { difficulty: 2000 },
    });
    for (const wrong of ['altcha:0', 'altcha:', 'captcha']) {
      expect(
        challengeOf(wrong).faults.map(({ variable }) => variable),
        wrong,
      ).to.deep.equal(['FLUENTMEET_CHALLENGE']);
    }
  });

  it('reads .env too, under the environment; a variable set to nothing counts as not set', async () => {
    const folder = await mkdtemp(path.join(cwd, 'with-env-'));
    const lines = Object.entries(least).map(([name, value]) => `${name}="${value}"`);
    await writeFile(path.join(folder, '.env'), [...lines, 'PORT=4000', 'HOST=::1'].join('\n'));
    const { options, server } = readSettings({ cwd: folder, env: { PORT: '5000', HOST: ' ' } }, everything);
    expect(options.database).to.equal(least.DATABASE_URL);
    expect(server.port).to.equal(5000);
    expect(server.host).to.equal('::1');
    await writeFile(path.join(folder, '.env'), [...lines, 'HOST='].join('\n'));
    expect(readSettings({ cwd: folder, env: {} }, everything).server.host).to.equal('127.0.0.1');
    await writeFile(path.join(folder, '.env'), Buffer.from(lines.join('\n'), 'utf16le'));
    expect(inspectSettings({ cwd: folder, env: least }, everything).faults).to.deep.equal([
      { variable: '.env', message: 'is not in UTF-8: save it anew in that encoding' },
    ]);
  });

  it('names every fault at once, by its variable, and prints no value', () => {
    const env = {
      DATABASE_URL: 'mysql://app:hunter2@db/app',
      KAFKA_BROKERS: 'nohost-Zq7',
      KAFKA_SSL: 'Zq7',
      KAFKA_SASL_USERNAME: 'Zq7',
      FLUENTMEET_SECRET: 'short-Zq7',
      PORT: '99999',
      LOG_LEVEL: 'Zq7',
      REDIS_URL: 'http://Zq7',
      FLUENTMEET_ADMIN_PORT: 'Zq7',
      FLUENTMEET_STOP_DELAY: 'Zq7',
      FLUENTMEET_TRUST_PROXY: 'Zq7',
      FLUENTMEET_DATABASE_SCHEMA: 'Zq7-!',
      FLUENTMEET_EMAIL_TOPIC: 'Zq7 !',
      FLUENTMEET_EMAIL_MAX_ATTEMPTS: 'Zq7',
      FLUENTMEET_EMAIL_RETENTION: 'Zq7',
      FLUENTMEET_TOKEN_TTL: 'Zq7',
      FLUENTMEET_BCRYPT_COST: '3',
      FLUENTMEET_HASH_CONCURRENCY: '0',
      FLUENTMEET_SIGNUP: 'Zq7',
      FLUENTMEET_LANGUAGES: 'en_US',
      FLUENTMEET_PASSWORD_MIN_SCORE: '5',
      FLUENTMEET_DUPLICATES: 'Zq7',
      FLUENTMEET_SIGNUP_RATE_LIMIT: '0',
      FLUENTMEET_VERIFICATION_URL: 'Zq7',
    };
    const { settings, faults } = inspectSettings({ cwd, env }, everything);
    expect(settings).to.equal(undefined);
    const named = new Set(faults.map(({ variable }) => variable));
    const expected = new Set([
      ...Object.keys(env),
      'FLUENTMEET_PUBLIC_URL',
      'KAFKA_SASL_MECHANISM',
      'KAFKA_SASL_PASSWORD',
    ]);
    expected.delete('KAFKA_SASL_USERNAME');
    expect([...named]).to.have.members([...expected]);
    expect(JSON.stringify(faults)).not.to.match(/hunter2|Zq7/);
    expect(() => readSettings({ cwd, env }, everything))
      .to.throw(CliError)
      .with.property('exitCode', 2);
  });

  it('does not look at variables that a command does not need', () => {
    const env = { DATABASE_URL: least.DATABASE_URL, KAFKA_BROKERS: 'broken', FLUENTMEET_SECRET: 'short' };
    const { options } = readSettings({ cwd, env }, { groups: ['database'], required: ['DATABASE_URL'] });
    expect(options.publisher).to.equal('none');
    expect(options.kafka).to.equal(undefined);
  });

  it('refuses a cheap password hash in production', () => {
    const env = { ...least, FLUENTMEET_BCRYPT_COST: '9' };
    expect(inspectSettings({ cwd, env }, everything).faults).to.deep.equal([]);
    const { faults } = inspectSettings({ cwd, env }, { ...everything, production: true });
    expect(faults.map(({ variable }) => variable)).to.deep.equal(['FLUENTMEET_BCRYPT_COST']);
  });

  it('knows which variables are secret', () => {
    const secret = variables.filter((variable) => 'secret' in variable).map(({ name }) => name);
    expect(secret).to.have.members([
      'DATABASE_URL',
      'FLUENTMEET_SECRET',
      'FLUENTMEET_PREVIOUS_SECRETS',
      'KAFKA_SASL_PASSWORD',
      'REDIS_URL',
      'SMTP_URL',
    ]);
  });
});
