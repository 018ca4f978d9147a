import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { connectRedis, type RedisClient, redisRateLimits } from '../../src/cli/server/redis-client.js';
import { signupPage, signupRouter } from '../../src/http/index.js';
import type { FluentMeetOptions } from '../../src/options/options.js';
import type { RateLimitStoreFactory } from '../../src/rate-limit-store.js';
import { solveAltcha } from '../challenge/solve-altcha.js';
import { type OwnRedis, requireOwnRedis } from '../support/redis.js';
import {
  freshAddress,
  type Host,
  migratedDatabase,
  password,
  postForm,
  postJson,
  recordingLogger,
  startHost,
  stopAll,
} from './test-host.js';

const easy = { altcha: { difficulty: 2 } };
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

function start(options: Partial<FluentMeetOptions> = {}): Promise<Host> {
  return migratedDatabase().then((database) =>
    startHost(database, {
      options: { challenge: easy, ...options },
      configure: (app, fluentmeet) => {
        app.use('/signup', signupPage(fluentmeet));
        app.use('/alone', signupRouter(fluentmeet));
      },
    }),
  );
}

function signUp(
  { url }: Host,
  altcha?: string,
  { key = '', email = freshAddress() } = {},
): Promise<Response> {
  const fields = altcha === undefined ? {} : { altcha };
  const headers: Record<string, string> = key === '' ? {} : { 'idempotency-key': key };
  return postJson(`${url}/signup`, { email, password, ...fields }, headers);
}

describe("ALTCHA's challenge", () => {
  let redis: OwnRedis;
  let client: RedisClient;
  before(async function () {
    redis = await requireOwnRedis(this);
    client = await connectRedis(redis.url, recordingLogger().logger);
  });
  after(async () => {
    await stopAll();
    client?.close();
    await redis?.stop();
  });

  const stores: Record<string, () => RateLimitStoreFactory | undefined> = {
    'in memory': () => undefined,
    'in Redis': () => redisRateLimits(client),
  };
  for (const [where, storeOf] of Object.entries(stores)) {
    describe(`spent ${where}`, () => {
      let host: Host;
      before(async () => {
        host = await start({ rateLimitStore: storeOf() });
      });
      const solve = () => solveAltcha(`${host.url}/signup/challenge`);

      it('passes one signup for a solution, and none without', async () => {
        expect(await codeOf(await signUp(host))).to.equal('CHALLENGE_REQUIRED');
        const solution = await solve();
        expect((await signUp(host, solution)).status).to.equal(201);
        const again = await signUp(host, solution);
        expect(again.status).to.equal(403);
        expect(await codeOf(again)).to.equal('CHALLENGE_REQUIRED');
        const keyed = await signUp(host, solution, { key: randomUUID() });
        expect(await codeOf(keyed)).to.equal('CHALLENGE_REQUIRED');
      });

      it('lets one of many at once pass', async () => {
        const solution = await solve();
        const statuses = await Promise.all(
          Array.from({ length: 5 }, async (_, index) => {
            const key = index < 2 ? '' : randomUUID();
            return (await signUp(host, solution, { key })).status;
          }),
        );
        expect(statuses.filter((status) => status === 201)).to.have.lengthOf(1);
        expect(statuses.filter((status) => status === 403)).to.have.lengthOf(4);
      });

      it('does not charge a signup of one key twice: two at once both get the 201', async () => {
        const [solution, signup] = [await solve(), { key: randomUUID(), email: freshAddress() }];
        const both = await Promise.all([signUp(host, solution, signup), signUp(host, solution, signup)]);
        expect(both.map(({ status }) => status)).to.deep.equal([201, 201]);
        const [one, two] = await Promise.all(both.map((response) => response.json()));
        expect(one).to.deep.equal(two);
        const another = await signUp(host, solution, { ...signup, email: freshAddress() });
        expect(another.status).to.equal(422);
      });

      it('is not spent by input that is not valid, and three times at most by a signup that fails', async () => {
        const [solution, key] = [await solve(), randomUUID()];
        expect((await signUp(host, solution, { key, email: 'nobody' })).status).to.equal(400);
        const email = freshAddress();
        await host.fluentmeet.signUp({ email, password });
        for (const expected of [409, 409, 409, 403]) {
          expect((await signUp(host, solution, { key, email })).status).to.equal(expected);
        }
      });
    });
  }

  it('is shared by processes that share a store', async () => {
    const rateLimitStore = redisRateLimits(client);
    const [one, other] = [await start({ rateLimitStore }), await start({ rateLimitStore })];
    const solution = await solveAltcha(`${one.url}/signup/challenge`);
    expect((await signUp(other, solution)).status).to.equal(201);
    expect((await signUp(one, solution)).status).to.equal(403);
    const signup = { key: randomUUID(), email: freshAddress() };
    const twice = await solveAltcha(`${one.url}/signup/challenge`);
    const both = await Promise.all([one, other].map((host) => signUp(host, twice, signup)));
    expect(both.map(({ status }) => status)).to.deep.equal([201, 201]);
    expect(await client.sendCommand(['keys', 'fluentmeet:rate-limit:solutions:*'])).not.to.be.empty;
  });

  it('holds in each process while the store is away', async () => {
    const rateLimitStore = () => {
      throw new Error('no store');
    };
    const host = await start({ rateLimitStore });
    const solution = await solveAltcha(`${host.url}/signup/challenge`);
    expect((await signUp(host, solution)).status).to.equal(201);
    expect((await signUp(host, solution)).status).to.equal(403);
    const away = host.lines.filter(({ event }) => event === 'rate-limit.store-away');
    expect(away.map(({ limiter }) => limiter)).to.include('solutions');
  });

  it('spends in this process what it took before the store went away', async () => {
    let isAway = false;
    const shared = redisRateLimits(client);
    const host = await start({
      rateLimitStore: (name) => {
        const store = shared(name);
        return {
          ...store,
          increment: (key) => (isAway ? Promise.reject(new Error('away')) : store.increment(key)),
        };
      },
    });
    const solution = await solveAltcha(`${host.url}/signup/challenge`);
    expect((await signUp(host, solution)).status).to.equal(201);
    isAway = true;
    expect((await signUp(host, solution)).status).to.equal(403);
  });

  it('refuses the solution of another instance, and takes one of a previous secret', async () => {
    const host = await start();
    const secret = 'another secret of the tests, 32 characters';
    const solution = await solveAltcha(`${host.url}/signup/challenge`);
    expect((await signUp(await start({ secret }), solution)).status).to.equal(403);
    const previousSecrets = ['a secret of the tests, 32 characters or more'];
    expect((await signUp(await start({ secret, previousSecrets }), solution)).status).to.equal(201);
  });

  it('passes conceal alike', async () => {
    const host = await start({ duplicates: 'conceal' });
    expect((await signUp(host)).status).to.equal(403);
    expect((await signUp(host, await solveAltcha(`${host.url}/signup/challenge`))).status).to.equal(202);
  });

  it('is handed out at each router, kept by nobody, and limited', async () => {
    const host = await start({ rateLimits: { challenge: 3 } });
    const origin = new URL(host.url).origin;
    for (const url of [
      `${host.url}/signup/challenge`,
      `${origin}/alone/challenge`,
      `${origin}/signup?challenge`,
    ]) {
      const response = await fetch(url);
      expect(response.status, url).to.equal(200);
      expect(response.headers.get('cache-control')).to.equal('no-store');
      expect(response.headers.get('ratelimit')).to.match(/^"challenge"/);
      expect(await response.json()).to.have.keys('parameters', 'signature');
    }
    const fourth = await fetch(`${host.url}/signup/challenge`);
    expect(fourth.status).to.equal(429);
    expect(await codeOf(fourth)).to.equal('RATE_LIMIT_EXCEEDED');
    const posted = await postJson(`${host.url}/signup/challenge`, {});
    expect(posted.status).to.equal(405);
    expect(posted.headers.get('allow')).to.equal('GET, OPTIONS');
  });

  it('is the path of the host where it is not asked for', async () => {
    const host = await start({ challenge: undefined });
    const response = await fetch(`${host.url}/signup/challenge`);
    expect([response.status, await response.text()]).to.deep.equal([404, 'host: not found']);
    const page = await fetch(`${new URL(host.url).origin}/signup?challenge`);
    expect(page.headers.get('content-type')).to.include('text/html');
    expect(await page.text())
      .not.to.include('challenge-')
      .and.not.include('noscript');
  });

  it('says to a form that was sent without script what to do, and takes one with a solution', async () => {
    const host = await start();
    const page = `${new URL(host.url).origin}/signup?lang=fr`;
    const refused = await postForm(page, { email: freshAddress(), password });
    expect(refused.status).to.equal(403);
    expect(await refused.text()).to.include('Le contrôle de sécurité nécessite JavaScript.');
    const wrong = await postForm(page, { email: freshAddress(), password, altcha: '' });
    expect(await wrong.text()).to.include('Le contrôle de sécurité a échoué.');
    const altcha = await solveAltcha(`${host.url}/signup/challenge`);
    expect((await postForm(page, { email: freshAddress(), password, altcha })).status).to.equal(200);
  });
});
