import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { settingWarnings } from '../../src/cli/setting-warnings.js';

const warningsOf = (env: Record<string, string>) => settingWarnings({ env, cwd: tmpdir() });

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

  it('tell of a name of ours that is like none', () => {
    expect(warningsOf({ FLUENTMEET_MILK_AND_SUGAR: 'black' })[0]?.advice).to.match(/docs\/cli.md/);
  });
});
