import { expect } from 'chai';
import sinon from 'sinon';
import { createAlarm } from '../../src/relay/alarm.js';

describe('createAlarm', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers()));
  afterEach(() => clock.restore());

  /** Whether it has ended yet. */
  function watch(sleep: Promise<void>): { ended: boolean } {
    const state = { ended: false };
    void sleep.then(() => (state.ended = true));
    return state;
  }

  it('sleeps for as long as it is told', async () => {
    const sleep = watch(createAlarm().sleep(1000));
    await clock.tickAsync(999);
    expect(sleep.ended).to.equal(false);
    await clock.tickAsync(1);
    expect(sleep.ended).to.equal(true);
  });

  it('is woken by a ring', async () => {
    const alarm = createAlarm();
    const sleep = watch(alarm.sleep(1000));
    alarm.ring();
    await clock.tickAsync(0);
    expect(sleep.ended).to.equal(true);
    expect(clock.countTimers()).to.equal(0);
  });

  it('does not sleep when it rang meanwhile, and sleeps again after that', async () => {
    const alarm = createAlarm();
    alarm.ring();
    alarm.ring();
    await alarm.sleep(1000);
    const sleep = watch(alarm.sleep(1000));
    await clock.tickAsync(999);
    expect(sleep.ended).to.equal(false);
  });

  it('forgets the ring that woke it', async () => {
    const alarm = createAlarm();
    const first = alarm.sleep(1000);
    alarm.ring();
    await first;
    const second = watch(alarm.sleep(1000));
    await clock.tickAsync(999);
    expect(second.ended).to.equal(false);
  });

  it('sleeps through wakes where that is wanted, and keeps the ring for later', async () => {
    const alarm = createAlarm();
    const deep = watch(alarm.sleepThroughWakes(1000));
    alarm.ring();
    await clock.tickAsync(999);
    expect(deep.ended).to.equal(false);
    await clock.tickAsync(1);
    expect(deep.ended).to.equal(true);
    const light = watch(alarm.sleep(1000));
    await clock.tickAsync(0);
    expect(light.ended).to.equal(true);
  });

  for (const kind of ['sleep', 'sleepThroughWakes'] as const) {
    it(`ends ${kind} for good when it is stopped`, async () => {
      const alarm = createAlarm();
      const asleep = watch(alarm[kind](1000));
      expect(alarm.stopped).to.equal(false);
      alarm.stop();
      await clock.tickAsync(0);
      expect(asleep.ended).to.equal(true);
      expect(alarm.stopped).to.equal(true);
      await alarm[kind](1000);
      await alarm[kind](1000);
      expect(clock.countTimers()).to.equal(0);
    });
  }
});
