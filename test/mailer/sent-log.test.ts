import { expect } from 'chai';
import sinon from 'sinon';
import { createMemorySentLog } from '../../src/mailer/sent-log.js';

describe('what this process sent', () => {
  it('is sent once it was accepted, and not before', async () => {
    const log = createMemorySentLog();
    expect(await log.claim('a')).to.deep.equal({ state: 'free' });
    expect((await log.claim('a')).state).to.equal('sending');
    await log.release('a');
    expect(await log.claim('a')).to.deep.equal({ state: 'free' });
    await log.sent('a');
    expect(await log.claim('a')).to.deep.equal({ state: 'sent' });
    await log.release('a');
    expect(await log.claim('a')).to.deep.equal({ state: 'sent' });
  });

  it('may be sent again when a try did not say how it ended', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['Date'] });
    try {
      const log = createMemorySentLog({ tryLength: 1_000 });
      await log.claim('a');
      clock.tick(999);
      expect(await log.claim('a')).to.deep.equal({ state: 'sending', for: 1 });
      clock.tick(1);
      expect(await log.claim('a')).to.deep.equal({ state: 'again' });
    } finally {
      clock.restore();
    }
  });

  it('forgets the oldest beyond its size', async () => {
    const log = createMemorySentLog({ most: 2 });
    for (const id of ['a', 'b', 'c']) {
      await log.claim(id);
      await log.sent(id);
    }
    expect((await log.claim('b')).state).to.equal('sent');
    expect((await log.claim('a')).state).to.equal('free');
  });
});
