import { expect } from 'chai';
import sinon from 'sinon';
import type { ClaimedEmail } from '../../src/outbox/claim-emails.js';
import { publishBatch } from '../../src/relay/publish-batch.js';
import type { PublishResult } from '../../src/outbox/publisher.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import { startStopwatch } from '../../src/stopwatch.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { createFakePublisher, linkToken, rejection } from '../fluentmeet/test-instance.js';
import { batchOf, claimedEmail } from '../outbox/claimed-email.js';

const away = (): ServiceUnavailableError => new ServiceUnavailableError('database', false);

describe('publishBatch', () => {
  let context: ReturnType<typeof createFakeContext>;
  let publisher: ReturnType<typeof createFakePublisher>;
  beforeEach(() => {
    context = createFakeContext({ emailMaxAttempts: 3 });
    publisher = createFakePublisher();
    settleAs('published');
  });
  afterEach(() => sinon.restore());

  /** The database settles every email that it is asked to, with this status. */
  function settleAs(status: string): void {
    context.query.callsFake(async (sql, bind) => {
      if (!/status/.test(sql)) return [];
      return (bind![0] as string[]).map((id) => ({ id, status }));
    });
  }

  function publish(emails: ClaimedEmail[], fields = {}) {
    return publishBatch(context, publisher, batchOf(emails, fields), new AbortController().signal);
  }

  it('publishes the emails in one call and settles them in one statement, by its lease', async () => {
    const emails = [claimedEmail({ id: '1' }), claimedEmail({ id: '2' })];
    const result = await publish(emails, { leaseToken: 'the lease' });
    expect(publisher.batches).to.have.lengthOf(1);
    expect(publisher.published.map(({ headers }) => headers['event-id'])).to.deep.equal(
      emails.map((e) => e.event_id),
    );
    expect(result.outage).to.equal(undefined);
    sinon.assert.calledOnce(context.query);
    expect(context.query.firstCall.args[1]).to.deep.equal([['1', '2'], 'the lease']);
    expect(context.logger.events).to.deep.equal(['email.published', 'email.published']);
  });

  it('settles nothing before the publisher has answered', async () => {
    let answer!: (result: PublishResult) => void;
    publisher.answer = () => new Promise((resolve) => (answer = resolve));
    const publishing = publish([claimedEmail()]);
    await new Promise(setImmediate);
    sinon.assert.notCalled(context.query);
    answer({ status: 'published' });
    await publishing;
    sinon.assert.calledOnce(context.query);
  });

  it("settles each email by its own result: a neighbour's fault is not its own", async () => {
    const emails = ['1', '2', '3'].map((id) =>
      claimedEmail({ id, attempts: 1, claims: 2, email: `${id}@example.com` }),
    );
    publisher.answer = ({ value }) =>
      value.to === '2@example.com'
        ? { status: 'rejected', error: new Error('too large') }
        : { status: 'published' };
    settleAs('pending');
    const { settlements, outage } = await publish(emails);
    expect(outage).to.equal(undefined);
    expect(settlements.map(({ id, status }) => `${id} ${status}`)).to.deep.equal([
      '1 published',
      '2 rejected',
      '3 published',
    ]);
    const rejected = settlements[1] as { error: string; backoff: number };
    expect(rejected.error).to.equal('too large');
    // The second failure: 30 s, and half of it at least.
    expect(rejected.backoff).to.be.within(15_000, 30_000);
    expect(context.logger.events).to.include('email.rejected');
  });

  it('gives back what an outage kept from being published, and reports the outage', async () => {
    const error = new Error('no broker');
    publisher.answer = () => ({ status: 'unavailable', error });
    const { settlements, outage } = await publish([claimedEmail({ id: '1' }), claimedEmail({ id: '2' })]);
    expect(outage).to.include({ message: 'no broker' });
    expect(settlements).to.deep.equal([
      { id: '1', status: 'given-back' },
      { id: '2', status: 'given-back' },
    ]);
    expect(context.logger.events).to.deep.equal([]);
  });

  it('charges a publisher that throws, or answers in another shape, to the emails without a result', async () => {
    settleAs('pending');
    publisher.publish = () => Promise.reject(new Error('a bug of the publisher'));
    const thrown = await publish([claimedEmail()]);
    expect(thrown.outage).to.equal(undefined);
    expect(thrown.settlements[0]).to.include({ status: 'rejected', error: 'a bug of the publisher' });
    publisher.publish = async () => [{ status: 'published' }];
    const short = await publish([claimedEmail({ id: '1' }), claimedEmail({ id: '2' })]);
    expect(short.outage).to.equal(undefined);
    expect(short.settlements.map(({ status }) => status)).to.deep.equal(['published', 'rejected']);
    expect(short.settlements[1]).to.have.property('error').that.contains('no-result');
  });

  it('says in the log whose email it was, by which event id, and how often it failed by now', async () => {
    context.query.callsFake(async (sql, bind) =>
      /status/.test(sql) ? (bind![0] as string[]).map((id) => ({ id, status: 'pending', attempts: 3 })) : [],
    );
    publisher.answer = () => ({ status: 'rejected', error: new Error('550') });
    const log = sinon.spy(context.logger, 'warn');
    const email = claimedEmail({ id: '1', attempts: 2 });
    await publish([email]);
    expect(log.firstCall.args[0]).to.deep.equal({
      event: 'email.rejected',
      id: 1,
      userId: 42,
      eventId: email.event_id,
      attempts: 3,
      error: '550',
    });
  });

  it('does not publish what nobody wants any more', async () => {
    settleAs('obsolete');
    const { settlements } = await publish([claimedEmail({ id: '1', is_verified: true })]);
    expect(settlements).to.deep.equal([{ id: '1', status: 'obsolete' }]);
    expect(publisher.batches).to.deep.equal([]);
    expect(context.logger.events).to.deep.equal(['email.obsolete']);
  });

  it('counts a template of a newer version as a failure that a newer relay may mend, and says so', async () => {
    settleAs('pending');
    const { settlements } = await publish([
      claimedEmail({ id: '1', template: 'welcome' }),
      claimedEmail({ id: '2' }),
    ]);
    expect(settlements[0]).to.include({
      status: 'rejected',
      error: 'this version knows no template "welcome"',
    });
    expect(settlements[1]).to.deep.equal({ id: '2', status: 'published' });
    expect(publisher.published).to.have.lengthOf(1);
  });

  it('publishes a fresh link, under a new event id, where the old one is dead', async () => {
    const stale = claimedEmail({ id: '1', token_live: false });
    const expiresAt = new Date('2026-03-16T12:00:00.000Z');
    context.query.onFirstCall().resolves([{ id: '1', expires_at: expiresAt }]);
    await publish([stale, claimedEmail({ id: '2' })]);
    const [sql, bind] = context.query.firstCall.args;
    expect(sql).to.include('insert into "public"."verification_tokens"');
    const [ids, tokenIds, , eventIds] = bind as string[][];
    expect(ids).to.deep.equal(['1']);
    const sent = publisher.published.find(({ headers }) => headers['event-id'] === eventIds![0])!;
    expect(sent.headers['event-id']).not.to.equal(stale.event_id);
    expect(sent.headers['expires-at']).to.equal(expiresAt.toISOString());
    expect(tokenIds![0]).not.to.equal(stale.verification_token_id);
    expect(linkToken(sent)).to.match(/^[0-9a-f-]{36}$/);
    expect(publisher.published).to.have.lengthOf(2);
  });

  it('gives back, by its lease, an email whose link could not be made afresh: its account is held, or the lease was lost', async () => {
    const { settlements, outage, wasLate } = await publish([claimedEmail({ id: '1', token_live: false })], {
      leaseToken: 'the lease',
    });
    expect(publisher.batches).to.deep.equal([]);
    expect(settlements).to.deep.equal([{ id: '1', status: 'given-back', backoff: 1_000 }]);
    expect(context.query.lastCall.args[0]).to.include('o.lease_token = $5');
    expect(context.query.lastCall.args[1]![4]).to.equal('the lease');
    expect({ outage, wasLate }).to.deep.equal({ outage: undefined, wasLate: false });
  });

  it('counts the claim where something else fails while it composes: it may be the fault of an email', async () => {
    const fault = new TypeError('of one email');
    context.query.rejects(fault);
    expect(await rejection(publish([claimedEmail({ id: '1', token_live: false })]))).to.equal(fault);
    sinon.assert.notCalled(context.updateEmails);
  });

  it('does not publish in the last moments of a lease: a process that was frozen may have lost it', async () => {
    const { settlements, outage, wasLate } = await publish([claimedEmail({ id: '1' })], {
      age: () => 20_001,
    });
    expect(publisher.batches).to.deep.equal([]);
    expect(settlements).to.deep.equal([{ id: '1', status: 'given-back' }]);
    expect(outage, 'the publisher is not away').to.equal(undefined);
    expect(wasLate).to.equal(true);
  });

  it('lets an email outlive a few killed relays, however few attempts it has', async () => {
    const { settlements } = await publish([claimedEmail({ id: '1', claims: 5 })]);
    expect(settlements).to.deep.equal([{ id: '1', status: 'published' }]);
  });

  it('ends an email that was claimed again and again without a result, as if it killed its relay', async () => {
    settleAs('dead');
    const { settlements } = await publish([claimedEmail({ id: '1', attempts: 1, claims: 7 })]);
    expect(settlements).to.deep.equal([
      { id: '1', status: 'dead', error: 'claimed 5 times without a result' },
    ]);
    expect(publisher.batches).to.deep.equal([]);
    expect(context.logger.events).to.deep.equal(['email.dead']);
  });

  it('does not count the claim at hand, nor those that ended in a failure, as without a result', async () => {
    await publish([claimedEmail({ attempts: 2, claims: 5 })]);
    expect(publisher.published).to.have.lengthOf(1);
  });

  it('says so where another relay settled an email meanwhile', async () => {
    context.query.resolves([]);
    await publish([claimedEmail()]);
    expect(context.logger.events).to.deep.equal(['email.lease-lost']);
  });

  describe('while the database is away', () => {
    it('asks again until the result is written, and publishes only once', async () => {
      context.query.onCall(0).rejects(away());
      context.query.onCall(1).rejects(away());
      await publish([claimedEmail()]);
      sinon.assert.calledThrice(context.query);
      expect(publisher.batches).to.have.lengthOf(1);
      expect(context.logger.events).to.deep.equal(['email.published']);
    });

    it('gives up when it is told to', async () => {
      context.query.rejects(away());
      const giveUp = new AbortController();
      giveUp.abort();
      const publishing = publishBatch(context, publisher, batchOf([claimedEmail()]), giveUp.signal);
      expect(await rejection(publishing)).to.be.instanceOf(ServiceUnavailableError);
      sinon.assert.calledOnce(context.query);
    });

    it('fails before it publishes anything where links must be made afresh', async () => {
      context.query.rejects(away());
      const publishing = publish([claimedEmail({ id: '1', token_live: false }), claimedEmail({ id: '2' })]);
      expect(await rejection(publishing)).to.be.instanceOf(ServiceUnavailableError);
      expect(publisher.batches).to.deep.equal([]);
    });
  });

  it('publishes no further part once the lease is lost or could not be renewed', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    context.query.callsFake(async (_sql, bind) =>
      (bind![0] as string[]).map((id) => ({ id, status: 'published' })),
    );
    for (const renewal of [async (): Promise<[number]> => [0], () => Promise.reject(away())]) {
      publisher.batches.length = 0;
      context.updateEmails.callsFake(renewal);
      const answers: ((result: PublishResult) => void)[] = [];
      publisher.answer = () => new Promise((resolve) => answers.push(resolve));
      const batch = batchOf([claimedEmail({ id: '1' }), claimedEmail({ id: '2' })], {
        age: startStopwatch(),
      });
      const small = { ...publisher, batchSize: 1 };
      const publishing = publishBatch(context, small, batch, new AbortController().signal);
      await clock.tickAsync(20_001);
      answers.forEach((answer) => answer({ status: 'published' }));
      const { settlements, outage, wasLate } = await publishing;
      expect(publisher.batches).to.have.lengthOf(1);
      expect(settlements.map(({ status }) => status)).to.deep.equal(['published', 'given-back']);
      expect({ outage, wasLate }).to.deep.equal({ outage: undefined, wasLate: true });
    }
  });

  it('publishes every part of a batch whose lease was renewed, however slow the publisher is', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    context.query.callsFake(async (_sql, bind) =>
      (bind![0] as string[]).map((id) => ({ id, status: 'published' })),
    );
    context.updateEmails.resolves([2]);
    publisher.answer = async () => {
      await clock.tickAsync(25_000);
      return { status: 'published' };
    };
    const batch = batchOf([claimedEmail({ id: '1' }), claimedEmail({ id: '2' })], { age: startStopwatch() });
    const small = { ...publisher, batchSize: 1 };
    const { settlements } = await publishBatch(context, small, batch, new AbortController().signal);
    expect(settlements.map(({ status }) => status)).to.deep.equal(['published', 'published']);
  });

  it('renews the lease every ten seconds while the publisher takes its time, and no longer', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let answer!: (result: PublishResult) => void;
    publisher.answer = () => new Promise((resolve) => (answer = resolve));
    const publishing = publish([claimedEmail({ id: '1' })], { leaseToken: 'the lease' });
    await new Promise(setImmediate);
    await clock.tickAsync(25_000);
    const ours = { id: ['1'], status: 'pending', lease_token: 'the lease' };
    expect(context.updateEmails.args.map(([, { where }]) => where)).to.deep.equal([ours, ours]);
    for (const [{ next_attempt_at: end }] of context.updateEmails.args) {
      expect(end).to.deep.include({ val: "now() + 30000 * interval '1 millisecond'" });
    }
    answer({ status: 'published' });
    await publishing;
    expect(clock.countTimers()).to.equal(0);
  });
});
