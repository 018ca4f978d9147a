import { expect } from 'chai';
import { meantVariable } from '../../../src/cli/settings/meant-variable.js';
import { variables } from '../../../src/cli/settings/variables.js';

const meant = (name: string, texts: Record<string, string> = {}) => meantVariable(name, texts);

describe('meantVariable', () => {
  it('has nothing to say of a name of ours', () => {
    for (const { name } of variables) expect(meant(name), name).to.equal(undefined);
  });

  it('finds the one that was given our prefix and has none', () => {
    expect(meant('FLUENTMEET_PORT')).to.equal('PORT');
    expect(meant('FLUENTMEET_KAFKA_BROKERS')).to.equal('KAFKA_BROKERS');
    // As it was named outright, it is meant whatever else is set.
    expect(meant('FLUENTMEET_DATABASE_URL', { DATABASE_URL: 'postgres://…' })).to.equal('DATABASE_URL');
  });

  it('reads a name in any letter case, and with any signs between its words', () => {
    for (const name of ['fluentmeet_secret', 'FLUENT_MEET_SECRET', 'fluent-meet-secret', 'FluentMeet.Secret'])
      expect(meant(name), name).to.equal('FLUENTMEET_SECRET');
    expect(meant('redisUrl')).to.equal('REDIS_URL');
  });

  it('takes up to three slips behind our prefix, and of more says that none is known', () => {
    expect(meant('FLUENTMEET_SECERT')).to.equal('FLUENTMEET_SECRET');
    expect(meant('FLUENTMEET_SEC')).to.equal('FLUENTMEET_SECRET');
    expect(meant('FLUENTMEET_SE')).to.equal('');
    expect(meant('FLUENTMEET_XYZZY')).to.equal('');
    expect(meant('FLUENTMEET_')).to.equal('');
  });

  it('takes up to two where the prefix has one, and of more takes it for somebody else’s', () => {
    expect(meant('FLUENTMET_SECRET')).to.equal('FLUENTMEET_SECRET');
    expect(meant('FLUENTME_SECRET')).to.equal('FLUENTMEET_SECRET');
    expect(meant('FLUENTME_SECRT')).to.equal(undefined);
    expect(meant('FLUENTMEET')).to.equal(undefined);
  });

  it('takes the nearest of several', () => {
    expect(meant('FLUENTMEET_BRAND_TERMS_URI')).to.equal('FLUENTMEET_BRAND_TERMS_URL');
    expect(meant('FLUENTMEET_DOMAIN_LIMITS')).to.equal('FLUENTMEET_DOMAIN_LIMIT');
    expect(meant('FLUENTMEET_ADMIN_POST')).to.equal('FLUENTMEET_ADMIN_PORT');
  });

  it('takes one slip in a short name without our prefix, and two in a long one', () => {
    expect(meant('KAFKA_BROKER')).to.equal('KAFKA_BROKERS');
    expect(meant('DATABASE_URI')).to.equal('DATABASE_URL');
    expect(meant('KAFKA_BROKE')).to.equal(undefined);
    expect(meant('KAFKA_BROKER_ID')).to.equal(undefined);
    expect(meant('KAFKA_SASL_USRNAM')).to.equal('KAFKA_SASL_USERNAME');
    expect(meant('KAFKA_SASL_USRNA')).to.equal(undefined);
  });

  it('takes no slip in the first letter: that is another word', () => {
    for (const name of ['EMAIL_FROM', 'ADATABASE_URL', 'XKAFKA_BROKERS'])
      expect(meant(name), name).to.equal(undefined);
  });

  it('does not miss one that is set, which an empty one is not', () => {
    expect(meant('KAFKA_BROKER', { KAFKA_BROKERS: 'kafka:9092' })).to.equal(undefined);
    expect(meant('KAFKA_BROKER', { KAFKA_BROKERS: ' ' })).to.equal('KAFKA_BROKERS');
    expect(meant('KAFKA_BROKER', { DATABASE_URL: 'postgres://…' })).to.equal('KAFKA_BROKERS');
  });

  it('leaves alone what is near to a name that everybody has', () => {
    for (const name of ['POST', 'PORTS', 'HOSTS', 'LOG_LEVE', 'LOGLEVEL', 'HOME', 'PATH', ''])
      expect(meant(name), name).to.equal(undefined);
  });
});
