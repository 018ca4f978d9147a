import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import sinon from 'sinon';
import { untilAborted, withDeadline } from '../src/deadline.js';
import { rejection } from './fluentmeet/test-instance.js';

describe('withDeadline', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })));
  afterEach(() => clock.restore());

  it('gives what the work gives, and leaves no timer behind', async () => {
    expect(await withDeadline(Promise.resolve(7), 1_000, 'counting')).to.equal(7);
    const error = new Error('of the work');
    expect(await rejection(withDeadline(Promise.reject(error), 1_000, 'counting'))).to.equal(error);
    expect(clock.countTimers()).to.equal(0);
  });

  it('names what took too long, or rejects with the error it was given', async () => {
    const never = new Promise(() => {});
    const late = rejection(withDeadline(never, 1_500, 'counting'));
    await clock.tickAsync(1_500);
    expect(await late).to.include({ name: 'DeadlineError', message: 'counting took longer than 1.5 s' });
    const own = new Error('my own');
    const mine = rejection(withDeadline(never, -1, () => own));
    await clock.tickAsync(0);
    expect(await mine).to.equal(own);
  });

  it('lets the work fail later without ending the process', async () => {
    let fail!: (error: Error) => void;
    const late = rejection(withDeadline(new Promise((_, reject) => (fail = reject)), 10, 'counting'));
    await clock.tickAsync(10);
    await late;
    // An unhandled rejection would fail the run.
    fail(new Error('too late'));
    await clock.tickAsync(10);
  });
});

describe('untilAborted', () => {
  it('ends with the signal, before or after it began, or with the work, and leaves nothing in the signal', async () => {
    const stop = new AbortController();
    const never = new Promise<never>(() => {});
    const error = new Error('of the work');
    expect(await untilAborted(stop.signal, Promise.resolve(7))).to.equal(7);
    expect(await rejection(untilAborted(stop.signal, Promise.reject(error)))).to.equal(error);
    expect(getEventListeners(stop.signal, 'abort')).to.be.empty;
    const waiting = untilAborted(stop.signal, never);
    stop.abort();
    expect(await waiting).to.equal(undefined);
    expect(await untilAborted(stop.signal, never)).to.equal(undefined);
    expect(await untilAborted(stop.signal)).to.equal(undefined);
  });
});
