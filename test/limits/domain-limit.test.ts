import { expect } from 'chai';
import sinon from 'sinon';
import type { Batch } from '../../src/outbox/claim-emails.js';
import { pruneHistory } from '../../src/desk/prune-history.js';
import { settleEmails } from '../../src/outbox/settle-emails.js';
import { createClaimer } from '../../src/relay/claimer.js';
import { publishNow } from '../../src/relay/publish-now.js';
import { replayEmails } from '../../src/desk/replay-emails.js';
import { requestSignUp } from '../../src/signup/request-sign-up.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import { canaryPassword } from '../fluentmeet/canary.js';
import {
  createMigratedInstance,
  createTestInstance,
  rejection,
  type TestInstance,
  testSecret,
  until,
} from '../fluentmeet/test-instance.js';

describe('domainLimit', () => {
  const domainLimit = { perHour: 3, except: ['Great-Mail.test', 'bücher.test'] };
  const started: TestInstance[] = [];
  let instance: TestInstance & { url: string };
  let now: Date;
  const at = (time: string): void => void (now = new Date(`2026-03-1${time}Z`));
  const another = (options: Partial<FluentMeetOptions> = {}): TestInstance => {
    const made = createTestInstance(instance.url, { domainLimit, clock: () => now, ...options });
    started.push(made);
    return made;
  };

  before(async () => (instance = await createMigratedInstance({ domainLimit, clock: () => now })));
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    await instance.query('truncate users, domain_counts cascade');
    instance.events.length = 0;
  });
  after(() => instance.stop());
  beforeEach(() => at('4T10:10:00'));

  /** Writes as many emails to this domain. */
  async function write(count: number, domain: string, fields: { verified?: boolean } = {}): Promise<void> {
    await instance.query(
      `with u as (
         insert into users (email, hashed_password, is_verified)
         select gen_random_uuid() || '@' || $2, 'x', $3 from generate_series(1, $1) returning id
       )
       insert into email_outbox (event_id, user_id, template, created_at, next_attempt_at)
       select gen_random_uuid(), id, 'verification', $4, $4 from u order by id`,
      [count, domain, fields.verified ?? false, now],
    );
  }
  const claim = (one: TestInstance = instance, limit = 100): Promise<Batch> =>
    createClaimer(one.context).claim(limit);
  const settle = async (
    { leaseToken, emails }: Batch,
    status: 'published' | 'given-back' = 'published',
    one: TestInstance = instance,
  ): Promise<number> => {
    const settlements = emails.map(({ id }) => ({ id, status }));
    if (settlements.length > 0) await settleEmails(one.context, leaseToken, settlements);
    return settlements.length;
  };
  const goOut = async (one: TestInstance = instance): Promise<number> =>
    settle(await claim(one), 'published', one);
  const held = () =>
    instance.query<{ id: string; due: string }>(
      `select id, to_char(next_attempt_at at time zone 'UTC', 'DD HH24:MI') as due
       from email_outbox where status = 'held' order by next_attempt_at`,
    );

  it('holds what is over the number of an hour until the hours in which there is room, oldest first', async () => {
    await write(8, 'example.test');
    const batch = await claim();
    expect(batch.emails).to.have.lengthOf(3);
    expect(batch.held).to.equal(5);
    const waiting = await held();
    expect(waiting.map(({ due }) => due)).to.deep.equal([
      '14 11:00',
      '14 11:00',
      '14 11:00',
      '14 12:00',
      '14 12:00',
    ]);
    const ids = waiting.map(({ id }) => Number(id));
    expect(ids).to.deep.equal(ids.toSorted((a, b) => a - b));
    expect(ids[0]).to.be.greaterThan(Math.max(...batch.emails.map(({ id }) => Number(id))));
    expect((await instance.fluentmeet.stats()).emails).to.include({ held: 5, heldForDomains: 5, pending: 3 });
    await settle(batch);
    at('4T10:59:59');
    expect(await goOut()).to.equal(0);
    at('4T11:00:01');
    const first = await claim(instance, 1);
    expect(first.emails.map(({ id }) => Number(id))).to.deep.equal([ids[0]]);
    await settle(first);
    expect(await goOut()).to.equal(2);
    at('4T12:00:01');
    expect(await goOut()).to.equal(2);
    expect(await held()).to.deep.equal([]);
  });

  it('counts where it counted before the secret was changed, until those hours are over', async () => {
    await write(4, 'example.test');
    await settle(await claim());
    const changed = another({
      secret: 'the secret after, 32 characters and more',
      previousSecrets: ['a secret of nobody, 32 characters and more', testSecret],
    });
    await write(1, 'example.test');
    await write(2, 'new.example.test');
    const batch = await claim(changed);
    expect(batch.emails.map(({ email }) => email.split('@')[1])).to.deep.equal([
      'new.example.test',
      'new.example.test',
    ]);
    expect((await held()).map(({ due }) => due)).to.deep.equal(['14 11:00', '14 11:00']);
    await settle(batch, 'published', changed);
    const domains = async () => (await instance.query('select from domain_counts')).length;
    expect(await domains()).to.equal(2);
    at('4T12:00:01');
    await write(2, 'example.test');
    // The hour in which two had a place is over, too.
    expect(await goOut(changed)).to.equal(3);
    expect(await domains(), 'under the new secret').to.equal(3);
  });

  it('tells of each, and once that the hour is full, without an address', async () => {
    await write(5, 'example.test');
    const log = sinon.spy(instance.context.logger, 'info');
    await claim();
    await write(1, 'example.test');
    await claim();
    log.restore();
    const rows = await instance.query<{ event_id: string }>(
      `select event_id from email_outbox where status = 'held'`,
    );
    const told = log.args.flatMap(([data]) => (data.event === 'email.held' ? [data['eventId']] : []));
    expect(told).to.have.members(rows.map(({ event_id }) => event_id));
    expect(instance.events.filter((event) => event === 'email.held')).to.have.lengthOf(3);
    expect(instance.events.filter((event) => event === 'domain.limit-reached')).to.have.lengthOf(1);
  });

  it('counts what several relays claim together, however many claim at once', async () => {
    await write(40, 'example.test');
    await write(40, 'example.org');
    const relays = [instance, another(), another({}), another()];
    const batches = await Promise.all(
      Array.from({ length: 16 }, (_, index) => claim(relays[index % relays.length], 5)),
    );
    const domains = batches.flatMap(({ emails }) => emails.map(({ email }) => email.split('@')[1]));
    expect(domains).to.have.members(
      ['example.org', 'example.test'].flatMap((domain) => [domain, domain, domain]),
    );
    const perHour = await instance.query<{ count: string }>(
      `select count(*) from email_outbox where status = 'held'
       group by split_part((select email from users where id = user_id), '@', 2), date_trunc('hour', next_attempt_at)`,
    );
    expect(perHour.reduce((sum, { count }) => sum + Number(count), 0)).to.equal(74);
    expect(Math.max(...perHour.map(({ count }) => Number(count)))).to.equal(3);
  });

  it('is for each domain, sub-domains being others; for those excepted, and for what is obsolete, there is none', async () => {
    for (const domain of ['example.test', 'sub.example.test', 'great-mail.test', 'xn--bcher-kva.test']) {
      await write(5, domain);
    }
    await write(5, 'example.test', { verified: true });
    const { emails, held: over } = await claim();
    expect(over).to.equal(4);
    expect(emails).to.have.lengthOf(3 + 3 + 5 + 5 + 5);
  });

  it('counts what a verified owner gets of a concealed signup, so that an hour tells nobody which addresses are known', async () => {
    const conceal = another({ duplicates: 'conceal' });
    const signUp = (name: string, domain: string) =>
      requestSignUp(conceal.context, { email: `${name}@${domain}`, password: canaryPassword });
    const kinds = ['unknown', 'unverified', 'verified'];
    for (const kind of kinds.slice(1)) {
      await instance.query(
        `insert into users (email, hashed_password, is_verified) values ('target@' || $1, 'x', $2)`,
        [`${kind}.test`, kind === 'verified'],
      );
    }
    for (const name of ['filler1', 'filler2', 'target', 'attacker']) {
      for (const kind of kinds) await signUp(name, `${kind}.test`);
      await goOut(conceal);
    }
    const waiting = await instance.query<{ email: string }>(
      `select email from email_outbox o join users u on u.id = o.user_id where o.status = 'held' order by email`,
    );
    expect(waiting.map(({ email }) => email)).to.deep.equal(kinds.map((kind) => `attacker@${kind}.test`));
    const [{ count }] = (await instance.query<{ count: string }>(
      `select count(*) from email_outbox where template = 'account-exists' and status = 'published'`,
    )) as [{ count: string }];
    expect(Number(count)).to.equal(1);
  });

  it('counts no email twice that is given back and claimed again, and anew what waited for longer than its hour', async () => {
    await write(3, 'example.test');
    for (let outage = 0; outage < 5; outage++) await settle(await claim(), 'given-back');
    const batch = await claim();
    expect(batch.emails.map(({ claims }) => claims)).to.deep.equal([1, 1, 1]);
    await settle(batch, 'given-back');
    await write(1, 'example.test');
    expect((await claim()).held).to.equal(1);
    // No relay ran for hours: what was to go in the meantime does not come all at once.
    await instance.query(
      `update email_outbox set next_attempt_at = $1, lease_token = null where status = 'pending'`,
      [now],
    );
    at('4T15:00:00');
    expect(await goOut()).to.equal(3);
    expect((await held()).map(({ due }) => due)).to.deep.equal(['14 16:00']);
  });

  it('begins a new hour with nothing, and leaves one that is over to be pruned', async () => {
    await write(3, 'example.test');
    expect(await goOut()).to.equal(3);
    expect(await pruneHistory(instance.context, () => false)).to.include({ domainCounts: 0 });
    at('4T11:00:00');
    await write(3, 'example.test');
    expect(await goOut()).to.equal(3);
    at('4T12:00:01');
    expect(await pruneHistory(instance.context, () => false)).to.include({ domainCounts: 1 });
  });

  for (const [perHour, dues] of [
    [1, ['14 12:00', '14 13:00']],
    [10, ['14 11:00', '14 11:00']],
  ] as const) {
    it(`goes on where it stands when the limit is set to ${perHour}`, async () => {
      await write(5, 'example.test');
      await claim();
      await write(2, 'example.test');
      expect((await claim(another({ domainLimit: perHour }))).held).to.equal(2);
      expect((await held()).slice(-2).map(({ due }) => due)).to.deep.equal(dues);
    });
  }

  it('holds nothing that an operator publishes by hand, nor one that was held and is replayed', async () => {
    await write(5, 'example.test');
    expect((await claim()).held).to.equal(2);
    const ids = (await held()).map(({ id }) => Number(id));
    const { replayed } = await replayEmails(instance.context, { status: 'held', domain: 'Example.test' });
    expect(replayed.map(({ id }) => id)).to.deep.equal(ids);
    const [first, second] = ids.map(String) as [string, string];
    const [result] = await publishNow(instance.context, instance.publisher, [first], { patience: 5_000 });
    expect(result).to.include({ status: 'published' });
    // The one that is left to a relay goes as well.
    expect((await claim()).emails.map(({ id }) => id)).to.deep.equal([second]);
  });

  it('counts anew what is replayed of the dead and the published', async () => {
    await write(3, 'example.test');
    await goOut();
    await instance.query(`update email_outbox set published_at = now() - interval '1 hour'`);
    await replayEmails(instance.context, { status: 'published' });
    expect((await claim()).held).to.equal(3);
  });

  it('publishes past a backlog that is held, without a rest between', async () => {
    const relay = another();
    await write(2_500, 'example.test');
    await write(1, 'example.org');
    await relay.fluentmeet.start();
    await until(() => relay.publisher.published.length === 4, 'the last one is published');
    expect(await held()).to.have.lengthOf(2_497);
  });

  it('holds nothing that failed before: it was counted, and goes alone', async () => {
    await write(4, 'example.test');
    await instance.query(
      'update email_outbox set attempts = 1 where id = (select max(id) from email_outbox)',
    );
    expect((await claim()).emails.map(({ attempts }) => attempts)).to.deep.equal([1]);
    expect(await instance.query('select from domain_counts')).to.deep.equal([]);
    expect(await claim()).to.deep.include({ held: 0 });
  });

  it('leaves nothing leased where the counting fails', async () => {
    const claimer = createClaimer(instance.context);
    await write(2, 'example.test');
    await instance.query('alter table domain_counts rename to away');
    expect(await rejection(claimer.claim(10))).to.include({ code: 'DATABASE_ERROR' });
    await instance.query('alter table away rename to domain_counts');
    expect((await claimer.claim(10)).emails.map(({ claims }) => claims)).to.deep.equal([1, 1]);
  });

  it('asks the database nothing, and counts nothing, where it is not set', async () => {
    const unlimited = another({ domainLimit: undefined });
    await write(10, 'example.test');
    expect((await claim(unlimited)).emails).to.have.lengthOf(10);
    expect(await instance.query('select from domain_counts')).to.deep.equal([]);
  });
});
