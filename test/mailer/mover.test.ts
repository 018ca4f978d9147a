import { expect } from 'chai';
import sinon from 'sinon';
import { createMover } from '../../src/mailer/mover.js';
import { captureLogger } from '../support/log-capture.js';

describe('createMover', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => sinon.restore());

  it('never moves twice at once, nor at a stop, and then once more', async () => {
    let atOnce = 0;
    let most = 0;
    const move = sinon.fake(async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 250));
      atOnce--;
    });
    const mover = createMover({ move, every: 100, logger: captureLogger() });
    mover.start();
    await clock.tickAsync(450);
    expect(move.callCount).to.equal(2);
    const stopped = mover.stop();
    await clock.tickAsync(1_000);
    await stopped;
    expect([move.callCount, most]).to.deep.equal([3, 1]);
  });

  it('says once that it fails, and again after it had worked', async () => {
    const logger = captureLogger();
    let fails = true;
    const move = async (): Promise<void> => {
      if (fails) throw new Error('Kafka: MESSAGE_TOO_LARGE');
    };
    const mover = createMover({ move, every: 100, logger });
    mover.start();
    const told = () => logger.entries.filter(({ data }) => data.event === 'mailer.move-failed').length;
    await clock.tickAsync(300);
    expect(told()).to.equal(1);
    fails = false;
    await clock.tickAsync(100);
    fails = true;
    await clock.tickAsync(100);
    expect(told()).to.equal(2);
    await mover.stop();
  });

  it('holds up no stop for a Kafka that says nothing', async () => {
    const isOver: (() => boolean)[] = [];
    const move = (over: () => boolean): Promise<void> => {
      isOver.push(over);
      return new Promise(() => undefined);
    };
    const mover = createMover({ move, every: 100, logger: captureLogger() });
    mover.start();
    await clock.tickAsync(100);
    expect(isOver[0]?.()).to.equal(false);
    const stopped = mover.stop();
    await clock.tickAsync(5_000);
    await stopped;
    expect(isOver[0]?.()).to.equal(true);
  });
});
