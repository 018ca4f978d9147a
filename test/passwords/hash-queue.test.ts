import { expect } from 'chai';
import fc from 'fast-check';
import { ServiceUnavailableError } from '../../src/errors.js';
import { createHashQueue } from '../../src/passwords/hash-queue.js';
import { rejection } from '../fluentmeet/test-instance.js';

describe('createHashQueue', () => {
  /** Work that ends when the test says so. */
  function createWork() {
    const finish: (() => void)[] = [];
    const work = () => new Promise<void>((resolve) => finish.push(resolve));
    return { work, finish };
  }

  /** Asks for so many places at once; resolves with how many there was room for. */
  async function take(queue: ReturnType<typeof createHashQueue>, count: number, client?: string) {
    const { work } = createWork();
    const before = queue.pending;
    await Promise.race([
      Promise.allSettled(Array.from({ length: count }, () => queue.run(work, client))),
      new Promise((resolve) => setImmediate(resolve)),
    ]);
    return queue.pending - before;
  }

  it('gives one client a quarter of the places and no more', async () => {
    const queue = createHashQueue({ concurrency: 2, maxQueue: 64 });
    expect(await take(queue, 100, 'one')).to.equal(16);
    expect(() => queue.requireRoom('one')).to.throw(ServiceUnavailableError);
    queue.requireRoom('another');
  });

  it('takes one address for one client, whatever its port, and an IPv6 /56 for one', async () => {
    for (const one of [(port: number) => `192.0.2.1:${port}`, (end: number) => `2001:db8::${end}`]) {
      const queue = createHashQueue({ concurrency: 2, maxQueue: 64 });
      for (let n = 1; n <= 40; n += 1) await take(queue, 1, one(n));
      expect(queue.pending).to.equal(16);
    }
  });

  it('is not filled by seven clients', async () => {
    const queue = createHashQueue({ concurrency: 2, maxQueue: 64 });
    for (let client = 0; client < 7; client += 1) await take(queue, 10, `client ${client}`);
    expect(queue.pending).to.be.within(40, 60);
    expect(await take(queue, 1, 'somebody else')).to.equal(1);
  });

  it('lets log-ins wait in a line of their own, which takes turns with that of the signups', async () => {
    const queue = createHashQueue({ concurrency: 1, maxQueue: 4 });
    const order: string[] = [];
    const jobs = ['signup', 'signup', 'signup', 'login', 'login'] as const;
    const done = jobs.map((share, index) =>
      queue.run(async () => void order.push(`${share} ${index}`), undefined, share),
    );
    expect(queue.pending).to.equal(5);
    await Promise.all(done);
    expect(order).to.deep.equal(['signup 0', 'signup 1', 'login 3', 'signup 2', 'login 4']);
    expect(queue.pending).to.equal(0);
  });

  it('is full for the one and not for the other', async () => {
    const queue = createHashQueue({ concurrency: 1, maxQueue: 4 });
    expect(await take(queue, 10)).to.equal(5);
    expect(() => queue.requireRoom()).to.throw(ServiceUnavailableError);
    queue.requireRoom(undefined, 'login');
  });

  it('gives every client one place while any is free', async () => {
    const queue = createHashQueue({ concurrency: 1, maxQueue: 2 });
    for (const client of ['one', 'two', 'three']) expect(await take(queue, 2, client)).to.equal(1);
    expect(await take(queue, 1, 'four')).to.equal(0);
  });

  it('counts nobody who is not named, but for the whole', async () => {
    const queue = createHashQueue({ concurrency: 2, maxQueue: 6 });
    expect(await take(queue, 10)).to.equal(8);
    expect(await take(queue, 1, 'named')).to.equal(0);
  });

  it('gives a place back when its work is done, or failed', async () => {
    const queue = createHashQueue({ concurrency: 1, maxQueue: 0 });
    const { work, finish } = createWork();
    const first = queue.run(work, 'one');
    const error = await rejection(queue.run(work, 'one'));
    expect(error).to.be.instanceOf(ServiceUnavailableError).with.property('reason', 'hash-queue');
    finish[0]?.();
    await first;
    const failure = new Error('no entropy');
    expect(await rejection(queue.run(() => Promise.reject(failure), 'one'))).to.equal(failure);
    expect(await queue.run(async () => 'hash', 'one')).to.equal('hash');
    expect(queue.pending).to.equal(0);
  });

  it('never lets a client hold more than a quarter, whoever else comes and goes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: 40 }),
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 80 }),
        async (places, steps) => {
          const queue = createHashQueue({ concurrency: 1, maxQueue: places - 1 });
          const held = { a: 0, b: 0, c: 0 };
          const { work, finish } = createWork();
          for (const [client, leaves] of steps) {
            const place = queue.run(work, client as 'a').then(
              () => (held[client as 'a'] -= 1),
              () => (held[client as 'a'] -= 1),
            );
            held[client as 'a'] += 1;
            void place;
            if (leaves) finish.shift()?.();
            await new Promise((resolve) => setImmediate(resolve));
            for (const count of Object.values(held)) expect(count).to.be.at.most(Math.floor(places / 4));
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
