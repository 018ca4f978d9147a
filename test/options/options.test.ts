import { inspect } from 'node:util';
import { expect } from 'chai';
import { Sequelize } from 'sequelize';
import { InvalidOptionsError } from '../../src/errors.js';
import { consoleLogger } from '../../src/logger.js';
import { type FluentMeetOptions, parseOptions } from '../../src/options/options.js';
import { createFakePublisher } from '../fluentmeet/test-instance.js';

const valid: FluentMeetOptions = {
  database: 'postgres://localhost/app',
  publisher: 'none',
  publicUrl: 'https://app.example.com',
  secret: 'x'.repeat(32),
};

function faultsOf(options: unknown): Record<string, string> {
  try {
    parseOptions(options as FluentMeetOptions);
  } catch (error) {
    expect(error).to.be.instanceOf(InvalidOptionsError);
    return Object.fromEntries(
      (error as InvalidOptionsError).details.map(({ field, message }) => [field, message]),
    );
  }
  return {};
}

describe('parseOptions', () => {
  it('completes the least that a host must say', () => {
    const { hashConcurrency, ...config } = parseOptions(valid);
    expect(hashConcurrency).to.be.within(1, 3);
    expect(config).to.deep.include({
      databaseSchema: 'public',
      databasePoolSize: 10,
      databaseQueryTimeout: 1500,
      publicUrl: 'https://app.example.com',
      verificationUrl: 'https://app.example.com/api/v1/auth/verify-email',
      emailTopic: 'notifications.email',
      emailMaxAttempts: 10,
      emailRetention: 30 * 24 * 3_600_000,
      tokenTtl: 24 * 3_600_000,
      bcryptCost: 12,
      signup: 'open',
      passwordBlocklist: true,
      passwordMinScore: 0,
      duplicates: 'conflict',
      rateLimits: { signup: 10, verify: 30, resend: 3, status: 60, challenge: 30 },
      logger: consoleLogger,
    });
  });

  for (const [text, milliseconds] of [
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
    [' 1h ', 3_600_000],
    [1234, 1234],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${milliseconds} milliseconds`, () => {
      expect(parseOptions({ ...valid, tokenTtl: text }).tokenTtl).to.equal(milliseconds);
    });
  }

  it('keeps a path under which the app is mounted, and drops its closing slash', () => {
    const { publicUrl, verificationUrl } = parseOptions({
      ...valid,
      publicUrl: 'https://example.com/meet//',
    });
    expect(publicUrl).to.equal('https://example.com/meet');
    expect(verificationUrl).to.equal('https://example.com/meet/api/v1/auth/verify-email');
  });

  it("takes a host's page for the link as it is, query and all", () => {
    const { verificationUrl } = parseOptions({ ...valid, verificationUrl: 'https://www.example.com/v?l=fr' });
    expect(verificationUrl).to.equal('https://www.example.com/v?l=fr');
  });

  it('keeps the languages in canonical form, each once', () => {
    expect(parseOptions({ ...valid, languages: ['EN-us', 'eng', 'zh-hant', 'en'] }).languages).to.deep.equal([
      'en-US',
      'en',
      'zh-Hant',
    ]);
  });

  it('fills in the rate limits that a host leaves out', () => {
    expect(parseOptions({ ...valid, rateLimits: { signup: 5 } }).rateLimits).to.deep.equal({
      signup: 5,
      verify: 30,
      resend: 3,
      status: 60,
      challenge: 30,
    });
  });

  it('takes a limit of domains as a number, or with exceptions in any spelling, and has none of its own', () => {
    expect(parseOptions(valid).domainLimit).to.equal(undefined);
    expect(parseOptions({ ...valid, domainLimit: 500 }).domainLimit).to.deep.equal({
      perHour: 500,
      except: [],
    });
    const domainLimit = { perHour: 5, except: ['Example.COM', 'bücher.example'] };
    expect(parseOptions({ ...valid, domainLimit }).domainLimit).to.deep.equal({
      perHour: 5,
      except: ['example.com', 'xn--bcher-kva.example'],
    });
  });

  it("knows ALTCHA by its name alone, or with a difficulty and a lifetime, and a host's function as it is", () => {
    const challengeOf = (challenge: FluentMeetOptions['challenge']) =>
      parseOptions({ ...valid, challenge }).challenge;
    expect(challengeOf('altcha')).to.deep.equal({ altcha: { difficulty: 500, lifetime: 1_200_000 } });
    expect(challengeOf({ altcha: { difficulty: 9, lifetime: '1h' } })).to.deep.equal({
      altcha: { difficulty: 9, lifetime: 3_600_000 },
    });
    const own = () => true;
    expect(challengeOf(own)).to.equal(own);
    expect(challengeOf(undefined)).to.equal(undefined);
  });

  it("takes a host's Sequelize and publisher as they are", () => {
    const database = new Sequelize('postgres://localhost/app', { logging: false });
    const publisher = createFakePublisher();
    const config = parseOptions({ ...valid, database, publisher });
    expect(config.database).to.equal(database);
    expect(config.publisher).to.equal(publisher);
  });

  it('names what is no option, and the one that was likely meant', () => {
    const faults = faultsOf({
      ...valid,
      duplicate: 'conceal',
      brand: { color: '#fff', mascot: 'a fox' },
      hooks: { onVerfied() {} },
    });
    expect(faults['']).to.equal('there is no option duplicate (did you mean duplicates?)');
    expect(faults['brand']).to.equal('there is no option color (did you mean colour?), mascot');
    expect(faults['hooks']).to.equal('there is no option onVerfied (did you mean onVerified?)');
  });

  const wrong: [field: string, value: unknown, says: RegExp][] = [
    ['database', undefined, /connection string or a Sequelize/],
    ['database', 'mysql://root:geheim-7@localhost/app', /postgres:\/\/ connection string/],
    ['database', 'postgres://me:geheim-7#2@localhost/app', /postgres:\/\/ connection string/],
    ['database', { query: 'geheim-7' }, /connection string or a Sequelize/],
    ['databaseSchema', 'geheim-7"; drop', /identifier/],
    ['databaseSchema', 'Capital', /identifier/],
    ['databaseSchema', 's'.repeat(64), /identifier/],
    ['databasePoolSize', 0, /1/],
    ['databaseQueryTimeout', 'geheim-7', /duration/],
    ['databaseQueryTimeout', '25h', /a day or less/],
    ['kafka', { brokers: [] }, /at least one broker/],
    ['kafka', { brokers: ['geheim-7'] }, /host:port/],
    ['kafka', { brokers: ['kafka:66000'] }, /65535/],
    [
      'kafka',
      { brokers: ['kafka:9092'], sasl: { mechanism: 'geheim-7', username: 'u', password: 'p' } },
      /plain/,
    ],
    ['publisher', { publish: 'geheim-7' }, /a function of one email, an object with publish/],
    ['publisher', { publish() {}, batchSize: 0 }, /publish/],
    ['publisher', { publish() {}, check: 'geheim-7' }, /publish/],
    ['publisher', 'smtp', /an object with publish, or 'none'/],
    ['publisher', 'kafka', /'none'/],
    ['publicUrl', undefined, /./],
    ['publicUrl', 'geheim-7', /absolute http or https URL/],
    ['publicUrl', 'ftp://geheim-7.example', /absolute http or https URL/],
    ['publicUrl', 'https://me:geheim-7@example.com', /without credentials/],
    ['publicUrl', 'https://example.com/#geheim-7', /without credentials or fragment/],
    ['publicUrl', 'https://example.com/?next=geheim-7', /without a query/],
    ['verificationUrl', 'javascript:geheim-7', /absolute http or https URL/],
    ['secret', 'geheim-7', /32 characters/],
    ['secret', undefined, /./],
    ['emailTopic', 'geheim-7 with a space', /topic name/],
    ['emailMaxAttempts', 0, /1/],
    ['emailRetention', 0, /a day or more/],
    ['emailRetention', '1h', /a day or more/],
    ['mailboxLimits', { resend: { day: 0 } }, /1/],
    ['domainLimit', 0, /1/],
    ['domainLimit', 'geheim-7', /a number an hour, or \{ perHour, except \}/],
    ['domainLimit', { except: ['example.com'] }, /missing|whole number/],
    ['domainLimit', { perHour: 5, except: ['geheim-7'] }, /a domain, such as/],
    ['domainLimit', { perHour: 5, except: ['geheim-7@example.com'] }, /a domain, such as/],
    ['tokenTtl', '0s', /more than 0/],
    ['tokenTtl', '-1h', /duration/],
    ['tokenTtl', 1.5, /duration/],
    ['tokenTtl', '999999999999d', /36500d/],
    ['bcryptCost', 3, /4/],
    ['bcryptCost', 16, /15/],
    ['bcryptCost', 10.5, /whole number/],
    ['bcryptCost', '12', /whole number/],
    ['hashConcurrency', 0, /1/],
    ['signup', 'geheim-7', /open/],
    ['languages', ['geheim-7-nonsense'], /registered/],
    ['languages', [], /1/],
    ['passwordMinScore', 5, /4/],
    ['passwordBlocklist', 'on', /true, false or a function/],
    ['duplicates', 'geheim-7', /conceal/],
    ['rateLimits', { signup: 0 }, /1/],
    ['rateLimits', { signups: 5 }, /signups/],
    ['rateLimitStore', {}, /function/],
    ['challenge', 'geheim-7', /'altcha'/],
    ['challenge', { altcha: { difficulty: 0 } }, /1/],
    ['challenge', { altcha: { lifetime: '10s' } }, /a minute to a day/],
    ['logger', { info() {} }, /logger/],
    ['foreignHashes', { reads: () => true }, /with reads, verify/],
    ['clock', new Date(), /function/],
  ];
  for (const [field, value, says] of wrong) {
    it(`refuses ${field} ${inspect(value)}, by its name and without its value`, () => {
      const { publisher, ...rest } = valid;
      const options = { ...rest, ...(field === 'kafka' ? {} : { publisher }), [field]: value };
      const faults = faultsOf(options);
      expect(Object.keys(faults)).to.have.lengthOf(1);
      const [[named, message]] = Object.entries(faults) as [[string, string]];
      expect(named.split('.')[0]).to.equal(field);
      expect(message).to.match(says);
      expect(message).not.to.include('geheim-7');
    });
  }

  it('names every fault at once, in one message', () => {
    const faults = faultsOf({
      database: 'x',
      secret: 'short',
      publicUrl: 'y',
      bcryptCost: 99,
      publisher: 'none',
    });
    expect(Object.keys(faults)).to.have.members(['database', 'secret', 'publicUrl', 'bcryptCost']);
    expect(new InvalidOptionsError([{ field: 'secret', message: 'is short' }]).message).to.equal(
      'Invalid options: secret: is short',
    );
  });

  it('refuses an option that it does not know: a misspelt one would otherwise be silently the default', () => {
    expect(JSON.stringify(faultsOf({ ...valid, databaseShcema: 'app' }))).to.include('databaseShcema');
  });

  it('wants Kafka or a publisher, and not both', () => {
    const { publisher: _, ...neither } = valid;
    expect(faultsOf(neither)).to.have.keys('publisher');
    const kafka = { brokers: ['kafka:9092'] };
    expect(faultsOf({ ...valid, kafka })).to.have.keys('publisher');
    expect(parseOptions({ ...neither, kafka }).kafka).to.deep.equal(kafka);
    expect(faultsOf({}), 'beside every other fault').to.include.keys('publisher', 'database');
  });

  it('takes a function, and an object with publish alone, for a publisher', () => {
    const { publisher: _, ...neither } = valid;
    const one = async (): Promise<void> => {};
    const many = { publish: async () => [] };
    for (const publisher of [one, many]) {
      expect(parseOptions({ ...neither, publisher }).publisher).to.equal(publisher);
    }
    expect(faultsOf({ ...neither, kafka: { brokers: ['kafka:9092', '[::1]:9092'] } })).to.deep.equal({});
  });

  it('says what is missing, and that somebody must publish', () => {
    for (const nothing of [{}, undefined]) {
      expect(faultsOf(nothing)).to.deep.equal({
        database: 'is missing, and must be a postgres:// connection string or a Sequelize instance',
        publicUrl: 'is missing',
        secret: 'is missing',
        publisher:
          "is missing: who publishes the emails? Give kafka ({ brokers }), a publisher (smtpPublisher of @fluentmeet/signup/smtp, or your own), or 'none' where a relay elsewhere does",
      });
    }
  });

  it('knows a connection of another copy of sequelize', () => {
    class Sequelize6 {
      static version = '6.1.0';
      query() {}
      transaction() {}
      getDialect() {}
    }
    expect(faultsOf({ ...valid, database: new Sequelize6() as never }).database)
      .to.contain('another copy of sequelize (6.1.0; ours is 6.')
      .and.contain('npm ls sequelize');
  });

  it('names the choices where there are a few', () => {
    expect(faultsOf({ ...valid, signup: 'shut', proof: 'none', duplicates: 'hide' })).to.deep.equal({
      signup: 'must be open, invite or closed',
      proof: 'must be link or link-and-password',
      duplicates: 'must be conflict or conceal',
    });
  });
});
