import { expect } from 'chai';
import sinon from 'sinon';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import type { PublishResult } from '../../src/outbox/publisher.js';
import { ServiceUnavailableError } from '../../src/errors.js';
import { createFakeContext } from '../fluentmeet/fake-context.js';
import { createFakePublisher } from '../fluentmeet/test-instance.js';
import { claimedEmail } from '../outbox/claimed-email.js';

/** A relay over a database of a few lines: emails that are due, and what became of the claimed ones. */
describe('createRelay', () => {
  const outage = (): PublishResult => ({ status: 'unavailable', error: new Error('no broker') });
  let clock: sinon.SinonFakeTimers;
  let context: ReturnType<typeof createFakeContext>;
  let publisher: ReturnType<typeof createFakePublisher>;
  let relay: Relay;
  let due: string[];
  let settled: string[];
  let claims: number;
  let databaseAway: boolean;
  /** An email of nobody any more, which is settled without the publisher. */
  const gone = 'gone';

  beforeEach(() => {
    clock = sinon.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    sinon.stub(Math, 'random').returns(0.5);
    context = createFakeContext();
    publisher = createFakePublisher();
    relay = createRelay(context, publisher, async () => undefined);
    due = [];
    settled = [];
    claims = 0;
    databaseAway = false;
    context.query.callsFake(async (sql, bind = []) => {
      if (databaseAway) throw new ServiceUnavailableError('database', false);
      if (/for update skip locked/.test(sql)) {
        if (!/and not \(attempts > 0/.test(sql)) return [];
        claims += 1;
        return due
          .splice(0, bind[0] as number)
          .map((id) => claimedEmail({ id, email: `${id}@example.com`, is_gone: id === gone }));
      }
      if (/unnest/.test(sql)) {
        const [ids, statuses] = bind as [string[], string[]];
        ids.forEach((id, index) => {
          settled.push(`${id} ${statuses[index]}`);
          if (statuses[index] === 'given-back') due.push(id);
        });
        return ids.map((id) => ({ id, status: 'pending' }));
      }
      if (/set status = 'published'/.test(sql)) {
        settled.push(...(bind[0] as string[]).map((id) => `${id} published`));
        return (bind[0] as string[]).map((id) => ({ id, status: 'published' }));
      }
      return [];
    });
  });

  afterEach(async () => {
    publisher.answer = () => ({ status: 'published' });
    databaseAway = false;
    const stopping = relay.stop();
    await clock.tickAsync(60_000);
    await stopping;
    sinon.restore();
  });

  it('publishes what is due when it starts', async () => {
    due = ['1', '2'];
    expect(relay.state).to.equal('stopped');
    relay.start();
    await clock.tickAsync(0);
    expect(relay.state).to.equal('running');
    expect(settled).to.deep.equal(['1 published', '2 published']);
  });

  it('starts once, however often it is told to', async () => {
    relay.start();
    relay.start();
    await clock.tickAsync(0);
    expect(claims).to.equal(1);
  });

  it('looks again at once when it is woken, and every other second when it is not', async () => {
    relay.start();
    await clock.tickAsync(0);
    expect(claims).to.equal(1);
    due = ['1'];
    relay.wake();
    await clock.tickAsync(0);
    expect(settled).to.deep.equal(['1 published']);
    const before = claims;
    await clock.tickAsync(1_999);
    expect(claims).to.equal(before);
    due = ['2'];
    await clock.tickAsync(1);
    expect(settled).to.deep.equal(['1 published', '2 published']);
  });

  for (const [random, wait] of [
    [0, 1_500],
    [0.999, 2_499],
  ] as const) {
    it(`does not look in step with other relays: after ${wait} ms where chance is ${random}`, async () => {
      (Math.random as sinon.SinonStub).returns(random);
      relay.start();
      await clock.tickAsync(0);
      const before = claims;
      await clock.tickAsync(wait - 1);
      expect(claims).to.equal(before);
      await clock.tickAsync(2);
      expect(claims).to.be.above(before);
    });
  }

  it('takes suspects and healthy emails in turns, so that neither starves the other', async () => {
    let suspects = 3;
    let healthy = 2;
    const order: string[] = [];
    context.query.callsFake(async (sql) => {
      if (!/for update skip locked/.test(sql) || /email_requests/.test(sql)) return [];
      const isSuspect = !/and not \(attempts > 0/.test(sql);
      if (isSuspect ? suspects-- <= 0 : healthy-- <= 0) return [];
      order.push(isSuspect ? 'suspect' : 'healthy');
      return [claimedEmail()];
    });
    relay.start();
    await clock.tickAsync(0);
    expect(order).to.deep.equal(['suspect', 'healthy', 'suspect', 'healthy', 'suspect']);
  });

  it('claims no more at once than its publisher takes', async () => {
    const small = createRelay(context, { ...publisher, batchSize: 2 }, async () => undefined);
    due = ['1', '2', '3', '4', '5'];
    small.start();
    await clock.tickAsync(0);
    expect(publisher.batches.map(({ length }) => length)).to.deep.equal([2, 2, 1]);
    await small.stop();
  });

  for (const [when, arrange] of [
    ['while the publisher is away', () => void (publisher.answer = outage)],
    [
      'while there is always something to publish',
      () => {
        publisher.answer = async () => {
          due.push('1');
          await new Promise((resolve) => setTimeout(resolve, 5_000));
          return { status: 'published' };
        };
      },
    ],
  ] as const) {
    it(`prunes ${when}, too`, async () => {
      arrange();
      const prune = sinon.stub().resolves();
      const pruning = createRelay(context, publisher, prune);
      due = ['1'];
      pruning.start();
      await clock.tickAsync(10_000);
      sinon.assert.calledOnce(prune);
      expect(prune.args[0]![0]()).to.equal(false);
      pruning.wake();
      expect(prune.args[0]![0]()).to.equal(false);
      await clock.tickAsync(3_610_000);
      sinon.assert.calledTwice(prune);
      const stopping = pruning.stop();
      expect(prune.args[0]![0]()).to.equal(true);
      await clock.tickAsync(60_000);
      await stopping;
    });
  }

  it('prunes once at a time, beside the publishing, and ends with it', async () => {
    let done!: () => void;
    const prune = sinon.stub().callsFake(() => new Promise<void>((resolve) => (done = resolve)));
    const pruning = createRelay(context, publisher, prune);
    pruning.start();
    await clock.tickAsync(10_000);
    due = ['1'];
    pruning.wake();
    await clock.tickAsync(3_610_000);
    expect(settled).to.deep.equal(['1 published']);
    sinon.assert.calledOnce(prune);
    let stopped = false;
    const stopping = pruning.stop().then(() => (stopped = true));
    await clock.tickAsync(1_000);
    expect(stopped).to.equal(false);
    done();
    await clock.tickAsync(0);
    expect(stopped).to.equal(true);
    await stopping;
  });

  it('prunes when there is nothing to do, about once an hour, and goes on where that fails', async () => {
    const prune = sinon.stub().rejects(new Error('a lock'));
    const pruning = createRelay(context, publisher, prune);
    pruning.start();
    await clock.tickAsync(0);
    sinon.assert.calledOnce(prune);
    expect(context.logger.events).to.include('prune.failed');
    await clock.tickAsync(3_590_000);
    sinon.assert.calledOnce(prune);
    await clock.tickAsync(20_000);
    sinon.assert.calledTwice(prune);
    await pruning.stop();
  });

  it('does not miss a wake that comes while it publishes', async () => {
    due = ['1'];
    publisher.answer = ({ value }) => {
      if (value.to === '1@example.com') {
        due.push('2');
        relay.wake();
      }
      return { status: 'published' };
    };
    relay.start();
    await clock.tickAsync(0);
    expect(settled).to.deep.equal(['1 published', '2 published']);
  });

  it('goes through a backlog without resting', async () => {
    due = Array.from({ length: 2_400 }, (_, index) => String(index));
    relay.start();
    await clock.tickAsync(0);
    expect(settled).to.have.lengthOf(2_400);
    expect(publisher.batches.map(({ length }) => length)).to.deep.equal([1_000, 1_000, 400]);
  });

  describe('what it claimed ahead', () => {
    let answer: ((result: PublishResult) => void)[];
    const answerAll = async (): Promise<void> => {
      for (const one of answer.splice(0)) one({ status: 'published' });
      await clock.tickAsync(0);
    };
    const idsSettled = (status: string): string[] =>
      settled.filter((one) => one.endsWith(` ${status}`)).map((one) => one.split(' ')[0] as string);

    beforeEach(async () => {
      answer = [];
      publisher.answer = () => new Promise((resolve) => answer.push(resolve));
      due = Array.from({ length: 1_100 }, (_, index) => String(index));
      relay.start();
      await clock.tickAsync(0);
      expect(claims, 'one at hand, one ahead').to.equal(2);
    });

    it('is published without another claim where the one before was quick', async () => {
      await clock.tickAsync(500);
      await answerAll();
      expect(publisher.batches.map(({ length }) => length)).to.deep.equal([1_000, 100]);
      await answerAll();
      expect(idsSettled('given-back')).to.deep.equal([]);
    });

    it('is claimed anew after a slow one: what it knows is old, and its lease; that is no outage', async () => {
      await clock.tickAsync(25_000);
      await answerAll();
      expect(idsSettled('given-back')).to.have.lengthOf(100);
      expect(publisher.batches.map(({ length }) => length)).to.deep.equal([1_000, 100]);
      await answerAll();
      expect(relay.state).to.equal('running');
      expect(new Set(idsSettled('published')).size).to.equal(1_100);
      expect(idsSettled('published')).to.have.lengthOf(1_100);
      expect(context.logger.events).not.to.include('relay.away');
    });

    it('is given back as soon as it is stopped, however long the publisher takes over the one at hand', async () => {
      const stopping = relay.stop();
      await clock.tickAsync(0);
      expect(idsSettled('given-back')).to.have.lengthOf(100);
      await answerAll();
      await stopping;
      expect(idsSettled('given-back')).to.have.lengthOf(100);
    });
  });

  describe('in an outage of the publisher', () => {
    it('pauses, gives everything back without spending an attempt, and says once what is wrong', async () => {
      due = ['1'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(0);
      expect(relay.state).to.equal('away');
      expect(relay.lastError).to.equal('no broker');
      expect(settled).to.deep.equal(['1 given-back']);
      await clock.tickAsync(60_000);
      expect(new Set(settled)).to.deep.equal(new Set(['1 given-back']));
      expect(context.logger.events).to.deep.equal(['relay.away']);
    });

    it('says each new reason: the broker is away once the database is back', async () => {
      databaseAway = true;
      due = ['1'];
      publisher.answer = outage;
      const error = sinon.spy(context.logger, 'error');
      relay.start();
      await clock.tickAsync(10_000);
      databaseAway = false;
      await clock.tickAsync(60_000);
      const said = error.args.map(([data]) => (data['error'] as { message: string }).message);
      expect(said).to.deep.equal([new ServiceUnavailableError('database', false).message, 'no broker']);
    });

    it('says one reason once, whose words are others at every try', async () => {
      due = ['1'];
      let tries = 0;
      publisher.answer = () => ({
        status: 'unavailable',
        error: new Error(`request ${++tries} was answered 503`),
      });
      relay.start();
      await clock.tickAsync(60_000);
      expect(tries).to.be.above(10);
      expect(context.logger.events).to.deep.equal(['relay.away']);
    });

    it('does not take a batch in which nothing was to be published for its end', async () => {
      due = ['1'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(0);
      // More than it finds out with.
      due = [...Array<string>(30).fill(gone), '1'];
      await clock.tickAsync(1_000);
      expect(settled.filter((one) => one === `${gone} obsolete`)).to.have.lengthOf(30);
      expect(relay.state).to.equal('away');
      expect(context.logger.events).not.to.include('relay.resumed');
    });

    it('comes back ever later, up to every five seconds', async () => {
      due = ['1'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(0);
      const tries: number[] = [];
      // Random is half: three quarters of 250, 500, 1000, 2000, 4000, 5000, 5000.
      for (const wait of [187.5, 375, 750, 1500, 3000, 3750, 3750]) {
        await clock.tickAsync(Math.ceil(wait));
        tries.push(publisher.batches.length);
      }
      expect(tries).to.deep.equal([2, 3, 4, 5, 6, 7, 8]);
    });

    it('finds out with a few emails: of one alone nobody could tell whose fault it is', async () => {
      due = Array.from({ length: 2_000 }, (_, index) => String(index));
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(60_000);
      const sizes = publisher.batches.map(({ length }) => length);
      expect(sizes.slice(0, 4)).to.deep.equal([1_000, 21, 22, 23]);
    });

    it('is not hammered by wakes: a busy host commits hundreds of signups a second', async () => {
      due = ['1'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(3_000);
      const before = publisher.batches.length;
      for (let wakes = 0; wakes < 500; wakes++) {
        relay.wake();
        await clock.tickAsync(2);
      }
      expect(publisher.batches.length - before).to.be.at.most(1);
    });

    it('publishes everything when the publisher is back, once each, and says so', async () => {
      due = ['1', '2'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(10_000);
      publisher.answer = () => ({ status: 'published' });
      await clock.tickAsync(5_000);
      expect(relay.state).to.equal('running');
      expect(relay.lastError).to.equal(undefined);
      expect(publisher.published.map(({ value }) => value.to)).to.have.members([
        '1@example.com',
        '2@example.com',
      ]);
      expect(context.logger.events).to.deep.equal([
        'relay.away',
        'email.published',
        'email.published',
        'relay.resumed',
      ]);
    });

    it('gives back the batch that it claimed ahead, too', async () => {
      due = Array.from({ length: 700 }, (_, index) => String(index));
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(0);
      expect(settled.filter((one) => one.endsWith('given-back'))).to.have.lengthOf(700);
    });

    it('stops at once', async () => {
      due = ['1'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(10_000);
      const stopping = relay.stop();
      await clock.tickAsync(0);
      await stopping;
      expect(relay.state).to.equal('stopped');
    });
  });

  describe('while an operator holds up every relay', () => {
    const row = { reason: 'moving', paused_at: new Date('2026-03-14T12:00:00Z'), paused_until: null };
    let waiting: string[];
    /** The claim obeys: nothing is due. */
    const hold = () => {
      context.findPause.resolves(row as never);
      waiting = due.splice(0);
    };
    const resume = () => {
      context.findPause.resolves(null);
      due.push(...waiting);
    };

    it('says so once, with the reason, and when it goes on', async () => {
      const warned = sinon.spy(context.logger, 'warn');
      relay.start();
      await clock.tickAsync(5_000);
      due = ['1'];
      hold();
      await clock.tickAsync(20_000);
      expect(context.logger.events).to.deep.equal(['relay.held']);
      sinon.assert.calledWithMatch(warned, { event: 'relay.held', reason: 'moving' });
      expect(relay.state).to.equal('running');
      resume();
      await clock.tickAsync(5_000);
      expect(context.logger.events).to.deep.equal(['relay.held', 'email.published', 'relay.resumed']);
    });

    it('says that it goes on also where nothing waited', async () => {
      hold();
      relay.start();
      await clock.tickAsync(5_000);
      resume();
      await clock.tickAsync(5_000);
      expect(context.logger.events).to.deep.equal(['relay.held', 'relay.resumed']);
    });

    it('does not take that nothing is due for the end of an outage', async () => {
      due = ['1'];
      publisher.answer = outage;
      relay.start();
      await clock.tickAsync(1_000);
      hold();
      await clock.tickAsync(20_000);
      expect(relay.state).to.equal('away');
      resume();
      await clock.tickAsync(20_000);
      expect(context.logger.events).to.deep.equal(['relay.away', 'relay.held']);
      publisher.answer = () => ({ status: 'published' });
      await clock.tickAsync(6_000);
      expect(context.logger.events.slice(2)).to.deep.equal(['email.published', 'relay.resumed']);
    });

    it('sees that the database is back', async () => {
      hold();
      relay.start();
      databaseAway = true;
      await clock.tickAsync(5_000);
      expect(relay.state).to.equal('away');
      databaseAway = false;
      await clock.tickAsync(6_000);
      expect(relay.state).to.equal('running');
      expect(relay.lastError).to.equal(undefined);
      expect(context.logger.events).to.deep.equal(['relay.away', 'relay.held']);
    });

    it('asks no more than every other second, however often it is woken', async () => {
      relay.start();
      for (let wakes = 0; wakes < 500; wakes++) {
        relay.wake();
        await clock.tickAsync(2);
      }
      expect(context.findPause.callCount).to.equal(1);
    });
  });

  it('pauses while the database is away, and goes on by itself', async () => {
    databaseAway = true;
    relay.start();
    await clock.tickAsync(1_000);
    expect(relay.state).to.equal('away');
    expect(relay.lastError).to.be.a('string');
    databaseAway = false;
    due = ['1'];
    await clock.tickAsync(5_000);
    expect(relay.state).to.equal('running');
    expect(settled).to.deep.equal(['1 published']);
  });

  it('gives back, for the time of a lease, what claims without an answer may have taken after all', async () => {
    const claimed: unknown[] = [];
    const givenBack: unknown[][] = [];
    let frozen = true;
    context.query.callsFake(async (sql, bind = []) => {
      if (!/for update skip locked/.test(sql) || /email_requests/.test(sql) || !frozen) return [];
      claimed.push(bind[1]);
      throw new ServiceUnavailableError('database', true);
    });
    context.updateEmails.callsFake(async (_set, { where }) => {
      givenBack.push(where['lease_token'] as unknown[]);
      return [0];
    });
    relay.start();
    await clock.tickAsync(3_000);
    expect(claimed.length).to.be.greaterThan(2);
    expect(givenBack.at(-1), 'all but the claim at hand').to.deep.equal(claimed.slice(0, -1));
    frozen = false;
    await clock.tickAsync(20_000);
    expect(givenBack.at(-1)).to.deep.equal(claimed);
    await clock.tickAsync(20_000);
    const before = givenBack.length;
    await clock.tickAsync(60_000);
    expect(givenBack).to.have.lengthOf(before);
  });

  describe('when it is stopped', () => {
    it('lets what is in flight finish, claims nothing more, and gives back what it claimed ahead', async () => {
      due = Array.from({ length: 1_100 }, (_, index) => String(index));
      let answer!: (result: PublishResult) => void;
      const slow = new Promise<PublishResult>((resolve) => (answer = resolve));
      publisher.answer = () => slow;
      relay.start();
      await clock.tickAsync(0);
      let stopped = false;
      const stopping = relay.stop().then(() => (stopped = true));
      await clock.tickAsync(5_000);
      expect(stopped).to.equal(false);
      answer({ status: 'published' });
      await clock.tickAsync(0);
      await stopping;
      expect(relay.state).to.equal('stopped');
      expect(settled.filter((one) => one.endsWith(' published'))).to.have.lengthOf(1_000);
      expect(settled.filter((one) => one.endsWith('given-back'))).to.have.lengthOf(100);
      expect(publisher.batches).to.have.lengthOf(1);
      const before = claims;
      await clock.tickAsync(60_000);
      expect(claims).to.equal(before);
    });

    it('gives back what a claim brings that was under way', async () => {
      due = ['1'];
      relay.start();
      const stopping = relay.stop();
      await clock.tickAsync(0);
      await stopping;
      expect(publisher.batches).to.deep.equal([]);
      expect(settled).to.deep.equal(['1 given-back']);
    });

    it('waits eight seconds at most for a publisher that does not answer', async () => {
      due = ['1'];
      let answer!: (result: PublishResult) => void;
      publisher.answer = () => new Promise((resolve) => (answer = resolve));
      relay.start();
      await clock.tickAsync(0);
      let stopped = false;
      const stopping = relay.stop().then(() => (stopped = true));
      await clock.tickAsync(7_999);
      expect(stopped).to.equal(false);
      await clock.tickAsync(1);
      await stopping;
      answer({ status: 'published' });
    });

    it('does not count the claim of what it leaves in flight: no restart in an outage makes an email suspect', async () => {
      due = ['1'];
      let answer!: (result: PublishResult) => void;
      publisher.answer = () => new Promise((resolve) => (answer = resolve));
      relay.start();
      await clock.tickAsync(0);
      const [, claim] = context.query.args.find(([sql]) => /and not \(attempts > 0/.test(sql))!;
      const stopping = relay.stop();
      await clock.tickAsync(8_000);
      await stopping;
      const uncounted = context.updateEmails.args.filter(([{ claims }]) => claims !== undefined);
      expect(uncounted.map(([, { where }]) => where['lease_token'])).to.deep.equal([claim![1]]);
      answer({ status: 'published' });
    });

    it('may be stopped twice, and before it was started', async () => {
      await relay.stop();
      relay.start();
      await clock.tickAsync(0);
      await Promise.all([relay.stop(), relay.stop()]);
      expect(relay.state).to.equal('stopped');
    });

    it('can be started again', async () => {
      relay.start();
      await clock.tickAsync(0);
      await relay.stop();
      due = ['1'];
      relay.start();
      await clock.tickAsync(0);
      expect(settled).to.deep.equal(['1 published']);
    });

    it('leaves no timer behind', async () => {
      due = ['1'];
      relay.start();
      await clock.tickAsync(0);
      await relay.stop();
      expect(clock.countTimers()).to.equal(0);
    });
  });
});
