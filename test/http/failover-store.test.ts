import { expect } from 'chai';
import type { Options } from 'express-rate-limit';
import sinon from 'sinon';
import { createFailoverStore } from '../../src/http/failover-store.js';
import { unhandledIn } from '../support/unhandled-in.js';
import { recordingLogger } from './test-host.js';

describe('createFailoverStore', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({
      toFake: ['performance', 'setTimeout', 'clearTimeout', 'Date'],
      now: 1_000_000,
    });
  });
  afterEach(() => sinon.restore());

  /** @param answer what the shared store says: 40 more than it counted where it says nothing else */
  function storeOn(answer: () => unknown = () => undefined) {
    const { lines, logger } = recordingLogger();
    const init = sinon.spy();
    let hits = 40;
    const increment = sinon.spy(
      async () =>
        ((await answer()) ?? { totalHits: ++hits, resetTime: new Date() }) as {
          totalHits: number;
          resetTime: Date;
        },
    );
    const makeShared = sinon.spy(() => ({
      init,
      increment,
      decrement: () => undefined,
      resetKey: () => undefined,
    }));
    const store = createFailoverStore('signup', makeShared, logger);
    void store.init?.({ windowMs: 60_000 } as Options);
    return { store, init, increment, makeShared, events: () => lines.map(({ event }) => event) };
  }
  const away = () => Promise.reject(new Error('away'));

  it('asks the shared store again after five seconds, one request at a time, and says when it is back', async () => {
    let works = false;
    const { store, init, increment, makeShared, events } = storeOn(() => (works ? undefined : away()));
    expect((await store.increment('key')).totalHits).to.equal(1);
    expect((await store.increment('key')).totalHits).to.equal(2);
    clock.tick(4_999);
    expect((await store.increment('key')).totalHits).to.equal(3);
    expect(increment.callCount).to.equal(1);
    clock.tick(1);
    works = true;
    const counts = await Promise.all([store.increment('key'), store.increment('key')]);
    expect(counts.map(({ totalHits }) => totalHits)).to.deep.equal([41, 4]);
    expect((await store.increment('key')).totalHits).to.equal(42);
    expect(events()).to.deep.equal(['rate-limit.store-away', 'rate-limit.store-back']);
    expect(makeShared.callCount, 'one store, so one connection').to.equal(1);
    expect(init.callCount, 'prepared again when it comes back').to.equal(2);
  });

  it('makes the shared store at the first request, and prepares it once while it works', async () => {
    const { store, init, makeShared, events } = storeOn();
    expect(makeShared.callCount).to.equal(0);
    expect((await store.increment('key')).totalHits).to.equal(41);
    expect((await store.increment('key')).totalHits).to.equal(42);
    expect([makeShared.args, init.callCount]).to.deep.equal([[['signup']], 1]);
    expect(init.firstCall.args).to.deep.equal([{ windowMs: 60_000 }]);
    expect(events()).to.deep.equal([]);
  });

  it('counts by itself where the host answers a store that is to come, and it never does', async () => {
    const { lines, logger } = recordingLogger();
    const store = createFailoverStore('signup', () => Promise.reject(new Error('away')) as never, logger);
    const unhandled = await unhandledIn(async () => {
      void store.init?.({ windowMs: 60_000 } as Options);
      expect((await store.increment('key')).totalHits).to.equal(1);
    });
    expect(unhandled).to.deep.equal([]);
    expect(lines.map(({ event }) => event)).to.deep.equal(['rate-limit.store-away']);
  });

  it('warns once of an outage, however long it lasts', async () => {
    const { store, increment, events } = storeOn(away);
    for (let time = 0; time < 3; time++) {
      await store.increment('key');
      clock.tick(5_000);
    }
    expect(increment.callCount).to.equal(3);
    expect(events()).to.deep.equal(['rate-limit.store-away']);
  });

  it('waits 300 ms for an answer, and no longer', async () => {
    const { store, events } = storeOn(() => new Promise(() => undefined));
    const counting = store.increment('key');
    await clock.tickAsync(299);
    expect(events()).to.deep.equal([]);
    await clock.tickAsync(1);
    expect((await counting).totalHits).to.equal(1);
    expect(events()).to.deep.equal(['rate-limit.store-away']);
  });

  for (const totalHits of [0, -1, 1.5, Number.NaN, '3'])
    it(`takes a count of ${JSON.stringify(totalHits)} for none`, async () => {
      const { store, events } = storeOn(() => ({ totalHits, resetTime: undefined }));
      expect((await store.increment('key')).totalHits).to.equal(1);
      expect(events()).to.deep.equal(['rate-limit.store-away']);
    });

  it('forgets what it counted by itself, where it is told to', async () => {
    const { store } = storeOn(away);
    await store.increment('key');
    await store.increment('key');
    await store.decrement('key');
    expect((await store.increment('key')).totalHits).to.equal(2);
    await store.resetKey('key');
    expect((await store.increment('key')).totalHits).to.equal(1);
  });
});
