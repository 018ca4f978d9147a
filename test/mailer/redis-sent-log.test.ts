import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, type RedisClient } from '../../src/cli/server/redis-client.js';
import { createRedisSentLog } from '../../src/mailer/redis-sent-log.js';
import { type CapturedLogger, captureLogger } from '../support/log-capture.js';
import { type OwnRedis, requireOwnRedis } from '../support/redis.js';

describe('what the mailers sent, in a real Redis', () => {
  let redis: OwnRedis;
  const clients: RedisClient[] = [];
  before(async function () {
    redis = await requireOwnRedis(this);
  });
  after(() => redis.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  async function open(tryLength = 60_000) {
    const logger = captureLogger();
    const client = await connectRedis(redis.url, logger);
    clients.push(client);
    const answers = () =>
      client.sendCommand(['PING']).then(
        () => true,
        () => false,
      );
    while (!(await answers())) await sleep(10);
    return { log: createRedisSentLog(client, 'p:', logger, { tryLength }), logger, client, answers };
  }

  it('is known to all of them: sending while one tries, sent once it was accepted', async () => {
    const [one, other] = [await open(), await open()];
    expect(await one.log.claim('a')).to.deep.equal({ state: 'free' });
    const claim = await other.log.claim('a');
    expect(claim.state).to.equal('sending');
    expect('for' in claim && claim.for).to.be.within(1, 60_000);
    await one.log.sent('a');
    expect(await other.log.claim('a')).to.deep.equal({ state: 'sent' });
    // And to one that was started since.
    expect(await (await open()).log.claim('a')).to.deep.equal({ state: 'sent' });
    const left = Number(await one.client.sendCommand(['PTTL', 'p:a']));
    expect(left).to.be.within(47 * 3_600_000, 48 * 3_600_000);
  });

  it('is free for all after a try that was refused', async () => {
    const [one, other] = [await open(), await open()];
    await one.log.claim('b');
    await one.log.release('b');
    expect(await other.log.claim('b')).to.deep.equal({ state: 'free' });
    // Whoever gave up takes nothing from whoever has it now.
    await one.log.release('b');
    expect((await one.log.claim('b')).state).to.equal('sending');
  });

  it('may be sent again after a try that never ended', async () => {
    const [one, other] = [await open(100), await open()];
    await one.log.claim('c');
    await sleep(120);
    expect(await other.log.claim('c')).to.deep.equal({ state: 'again' });
    // The first one's late failure does not undo the second one's try.
    await one.log.release('c');
    expect((await one.log.claim('c')).state).to.equal('sending');
  });

  it('is remembered by each for itself while Redis is away, with one warning', async () => {
    const { log, logger, answers } = await open();
    const away = () => logger.entries.filter(({ data }) => data.event === 'mailer.repeats-alone').length;
    await redis.kill();
    expect(await log.claim('d')).to.deep.equal({ state: 'free' });
    await log.sent('d');
    expect(await log.claim('d')).to.deep.equal({ state: 'sent' });
    expect(await log.claim('e')).to.deep.equal({ state: 'free' });
    await log.release('e');
    expect(away()).to.equal(1);
    await redis.start();
    while (!(await answers())) await sleep(20);
    expect(await log.claim('f')).to.deep.equal({ state: 'free' });
    expect(logger.entries.map(({ data }) => data.event)).to.include('mailer.repeats-shared');
  });

  describe('where Redis is silent, and still connected', () => {
    afterEach(() => redis.thaw());
    const count = (logger: CapturedLogger, event: string): number =>
      logger.entries.filter(({ data }) => data.event === event).length;

    it('is remembered by each for itself, and by Redis again once it goes on', async () => {
      const { log, logger } = await open();
      await log.claim('before');
      redis.freeze();
      const begun = performance.now();
      expect(await log.claim('g')).to.deep.equal({ state: 'free' });
      await log.sent('g');
      for (let more = 0; more < 50; more++) {
        expect(await log.claim(`g${more}`)).to.deep.equal({ state: 'free' });
        await log.sent(`g${more}`);
      }
      expect(await log.claim('g')).to.deep.equal({ state: 'sent' });
      // One second for the first; the others do without asking.
      expect(performance.now() - begun).to.be.below(5_000);
      expect(count(logger, 'mailer.repeats-alone')).to.equal(1);
      redis.thaw();
      for (let more = 0; count(logger, 'mailer.repeats-shared') === 0 && more < 500; more++) {
        await log.claim(`h${more}`);
        await sleep(20);
      }
      expect(count(logger, 'mailer.repeats-shared')).to.equal(1);
      await log.claim('i');
      await log.sent('i');
      expect(await (await open()).log.claim('i')).to.deep.equal({ state: 'sent' });
    });

    it('holds up nobody with a try whose beginning it carried out when nobody listened any more', async () => {
      const { log, client } = await open();
      redis.freeze();
      expect(await log.claim('j')).to.deep.equal({ state: 'free' });
      await log.release('j');
      redis.thaw();
      while (!(await client.sendCommand(['EXISTS', 'p:j']).catch(() => 0))) await sleep(10);
      expect(await log.claim('j')).to.deep.equal({ state: 'free' });
      await log.release('j');
      expect(await (await open()).log.claim('j')).to.deep.equal({ state: 'free' });
    });

    it('knows of what was sent a moment after Redis answers again', async () => {
      const { log, client } = await open();
      redis.freeze();
      await log.claim('k');
      redis.thaw();
      while (!(await client.sendCommand(['EXISTS', 'p:k']).catch(() => 0))) await sleep(10);
      await log.sent('l');
      expect(await (await open()).log.claim('l')).to.deep.equal({ state: 'sent' });
    });
  });
});
