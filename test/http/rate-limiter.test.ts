import { expect } from 'chai';
import { MemoryStore } from 'express-rate-limit';
import sinon from 'sinon';
import { signupRouter } from '../../src/http/index.js';
import type { RateLimitStore, RateLimitStoreFactory } from '../../src/rate-limit-store.js';
import {
  errorBody,
  type ExpressVersion,
  expressVersions,
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  postForm,
  postJson,
  startHost,
  stopAll,
} from './test-host.js';

const limited = errorBody('RATE_LIMIT_EXCEEDED', 'Too many requests. Try again in a moment.');
const defaults = { rateLimits: {} };

describe('the rate limits', () => {
  let database: string;

  before(async () => {
    database = await migratedDatabase();
  });
  after(stopAll);

  for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
    it(`let ten signups a minute through, on ${version}, counted before parsing`, async () => {
      const host = await startHost(database, { version, options: defaults });
      const first = await postJson(`${host.url}/signup`, { email: freshAddress(), password });
      expect(first.status).to.equal(201);
      expect(first.headers.get('ratelimit')).to.match(/^"signup"; r=9; t=60$/);
      expect(first.headers.get('ratelimit-policy')).to.match(/^"signup"; q=10; w=60; pk=:/);
      for (let request = 2; request <= 10; request++) {
        expect((await postJson(`${host.url}/signup`, '{')).status).to.equal(400);
      }
      const eleventh = await postJson(`${host.url}/signup`, '{');
      expect(eleventh.status).to.equal(429);
      expect(await eleventh.json()).to.deep.equal(limited);
      expect(Number(eleventh.headers.get('retry-after'))).to.be.within(1, 60);
      expect(eleventh.headers.get('ratelimit')).to.match(/^"signup"; r=0; t=\d+$/);
    });
  }

  it('count signups by POST alone', async () => {
    const host = await startHost(database, { options: { rateLimits: { signup: 1 } } });
    for (const method of ['GET', 'OPTIONS', 'HEAD', 'PUT']) await fetch(`${host.url}/signup`, { method });
    expect((await postJson(`${host.url}/signup`, { email: freshAddress(), password })).status).to.equal(201);
  });

  it('count every way of using a link, opening its page included', async () => {
    const host = await startHost(database, { options: { rateLimits: { verify: 3 } } });
    const link = `${host.url}/verify-email?token=x`;
    expect((await fetch(link)).status).to.equal(400);
    expect((await fetch(link, { method: 'HEAD' })).status).to.equal(400);
    expect((await postJson(`${host.url}/verify-email`, {})).status).to.equal(400);
    expect((await fetch(link)).status).to.equal(429);
    expect((await fetch(link, { method: 'OPTIONS' })).status).to.equal(204);
  });

  it('count a GET that verifies', async () => {
    const host = await startHost(database, { options: { rateLimits: { verify: 1 } } });
    const get = () => fetch(`${host.url}/verify-email?token=x`, { headers: { accept: 'application/json' } });
    expect((await get()).status).to.equal(400);
    expect((await get()).status).to.equal(429);
  });

  it('are three a minute for resend, and hold for the button of the page as well', async () => {
    const host = await startHost(database, { options: defaults });
    const token = '00000000-0000-8000-8000-000000000000';
    for (let request = 1; request <= 3; request++) {
      expect((await postJson(`${host.url}/resend-verification`, { email: 'x' })).status).to.equal(200);
    }
    expect(await (await postJson(`${host.url}/resend-verification`, { email: 'x' })).json()).to.deep.equal(
      limited,
    );
    const page = await postForm(`${host.url}/verify-email`, { token, action: 'resend' });
    expect(page.status).to.equal(429);
    expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(Number(page.headers.get('retry-after'))).to.be.within(1, 60);
    expect(await page.text()).to.include('There were too many requests');
    expect((await postJson(`${host.url}/verify-email`, { token, action: 'resend' })).status).to.equal(429);
  });

  it("respect the host's trust proxy, and share one budget between an instance's routers", async () => {
    const host = await startHost(database, {
      options: { rateLimits: { signup: 2 } },
      configure: (app, fluentmeet) => {
        app.set('trust proxy', 1);
        app.use('/also', signupRouter(fluentmeet));
      },
    });
    const status = async (path: string, forwarded: string) =>
      (await postJson(new URL(path, host.url).href, {}, { 'x-forwarded-for': forwarded })).status;
    const path = '/api/v1/auth/signup';
    expect(await status(path, '198.51.100.9, 192.0.2.1')).to.equal(400);
    expect(await status('/also', '203.0.113.5, 192.0.2.1')).to.equal(400);
    expect(await status(path, '192.0.2.1')).to.equal(429);
    expect(await status(path, '192.0.2.2')).to.equal(400);
    expect(await status(path, '2001:db8:0:100::1')).to.equal(400);
    expect(await status(path, '2001:db8:0:1ff::2')).to.equal(400);
    expect(await status(path, '2001:db8:0:101::3')).to.equal(429);
    expect(await status(path, '::ffff:192.0.2.1')).to.equal(429);
    expect(host.lines.map(({ event, client }) => [event, client])).to.deep.equal([
      ['rate-limit.exceeded', '192.0.2.1'],
      ['rate-limit.exceeded', '2001:db8:0:100::/56'],
    ]);
  });

  it('do not believe X-Forwarded-For where the host trusts no proxy', async () => {
    const host = await startHost(database, { options: { rateLimits: { signup: 1 } } });
    const status = async (forwarded: string) =>
      (await postJson(`${host.url}/signup`, {}, { 'x-forwarded-for': forwarded })).status;
    expect([await status('192.0.2.1'), await status('192.0.2.2')]).to.deep.equal([400, 429]);
  });

  it('are shared by processes through a store', async () => {
    const stores = sharedMemory();
    const hosts = await Promise.all(
      [1, 2].map(() =>
        startHost(database, { options: { rateLimits: { signup: 2 }, rateLimitStore: stores } }),
      ),
    );
    const [one, other] = hosts as [Host, Host];
    const statuses = [];
    for (const host of [one, other, one]) statuses.push((await postJson(`${host.url}/signup`, {})).status);
    expect(statuses).to.deep.equal([400, 400, 429]);
    expect((await postJson(`${other.url}/verify-email`, {})).status).to.equal(400);
  });

  const broken: Record<string, (asked: () => void) => RateLimitStore> = {
    'whose factory throws': (asked) => {
      asked();
      throw new Error('no store');
    },
    'which rejects': (asked) => fakeStore(() => (asked(), Promise.reject(new Error('store is away')))),
    'which hangs': (asked) => fakeStore(() => (asked(), new Promise(() => undefined))),
    'which counts nonsense': (asked) =>
      fakeStore(() => (asked(), { totalHits: Number.NaN, resetTime: undefined })),
  };
  for (const [name, makeStore] of Object.entries(broken)) {
    it(`hold in memory with a store ${name}, with one warning`, async () => {
      const asked = sinon.spy();
      const rateLimitStore = () => makeStore(asked);
      const host = await startHost(database, { options: { rateLimits: { signup: 3 }, rateLimitStore } });
      const statuses: number[] = [];
      for (let request = 0; request < 5; request++) {
        statuses.push((await postJson(`${host.url}/signup`, {})).status);
      }
      expect(statuses).to.deep.equal([400, 400, 400, 429, 429]);
      sinon.assert.calledOnce(asked); // Only the first request waits for the store.
      expect(host.lines.map(({ level, event }) => [level, event])).to.deep.equal([
        ['warn', 'rate-limit.store-away'],
        ['warn', 'rate-limit.exceeded'],
      ]);
    });
  }

  it('log a client that is beyond one once a minute, and each of two', async () => {
    const host = await startHost(database, {
      options: { rateLimits: { signup: 1, resend: 1 } },
      configure: (app) => app.set('trust proxy', 1),
    });
    const ask = (path: string, client: string) =>
      postJson(`${host.url}/${path}`, {}, { 'x-forwarded-for': client });
    for (let request = 0; request < 5; request++) {
      await ask('signup', '192.0.2.1');
      await ask('signup', '192.0.2.2');
    }
    await ask('resend-verification', '192.0.2.1');
    await ask('resend-verification', '192.0.2.1');
    expect(
      host.lines.map(({ level, event, limiter, client }) => [level, event, limiter, client]),
    ).to.deep.equal([
      ['warn', 'rate-limit.exceeded', 'signup', '192.0.2.1'],
      ['warn', 'rate-limit.exceeded', 'signup', '192.0.2.2'],
      ['warn', 'rate-limit.exceeded', 'resend', '192.0.2.1'],
    ]);
  });

  it('log it once among processes that share a store', async () => {
    const options = { rateLimits: { signup: 1 }, rateLimitStore: sharedMemory() };
    const [one, other] = [await startHost(database, { options }), await startHost(database, { options })];
    for (const host of [one, other, one, other]) await postJson(`${host.url}/signup`, {});
    expect([...one.lines, ...other.lines].map(({ event }) => event)).to.deep.equal(['rate-limit.exceeded']);
  });
});

function fakeStore(increment: RateLimitStore['increment']): RateLimitStore {
  return { increment, decrement: () => undefined, resetKey: () => undefined };
}

/** What a shared store is to two processes: one count for each name. */
function sharedMemory(): RateLimitStoreFactory {
  const stores = new Map<string, MemoryStore>();
  return (name) => {
    const store = stores.get(name) ?? new MemoryStore();
    stores.set(name, store);
    return store;
  };
}
