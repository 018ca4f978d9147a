import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { untilNextStep } from '../../src/http/steady-time.js';

describe('untilNextStep', () => {
  for (const work of [0, 40, 150]) {
    it(`makes ${work} ms of work take 200 ms`, async () => {
      const start = performance.now();
      await delay(work);
      await untilNextStep(start);
      expect(performance.now() - start).to.be.within(199, 399);
    });
  }

  it('makes more than that take a multiple of it', async () => {
    const start = performance.now() - 250;
    await untilNextStep(start);
    expect(performance.now() - start).to.be.within(399, 599);
  });
});
