import { expect } from 'chai';
import { type Host, migratedDatabase, password, signedUp, startHost, stopAll } from './test-host.js';

describe('the id of a request in the log', () => {
  let host: Host;
  let ofTheHost: unknown;

  before(async () => {
    host = await startHost(await migratedDatabase(), {
      options: { rateLimits: { signup: 10_000, verify: 10_000, resend: 1 } },
      configure: (app) =>
        app.use((req, _res, next) => {
          if (ofTheHost !== undefined) Object.assign(req, { id: ofTheHost });
          next();
        }),
    });
  });
  after(stopAll);
  beforeEach(() => {
    ofTheHost = undefined;
    host.lines.length = 0;
  });

  let made = 0;
  async function signUp(headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(new URL('/api/v1/auth/signup', host.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ email: `request-id-${++made}@example.com`, password }),
    });
    expect(response.status).to.equal(201);
    return host.lines.findLast(({ event }) => event === 'user.signed-up')?.['requestId'];
  }

  it('is a new one for each request that brings none', async () => {
    const [one, other] = [await signUp(), await signUp()];
    expect(one).to.match(/^[0-9a-f-]{36}$/);
    expect(other)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.not.equal(one);
  });

  it("is the proxy's, and the host's before it", async () => {
    expect(await signUp({ 'X-Request-Id': 'proxy-7:a/b=' })).to.equal('proxy-7:a/b=');
    ofTheHost = 'host-1';
    expect(await signUp({ 'X-Request-Id': 'proxy-7' })).to.equal('host-1');
    ofTheHost = 42;
    expect(await signUp()).to.equal('42');
  });

  it('is none that a stranger made up to look like something else', async () => {
    for (const header of ['', 'two words', '{"level":"error"}', 'x'.repeat(129), 'é']) {
      expect(await signUp({ 'X-Request-Id': header })).to.match(/^[0-9a-f-]{36}$/);
    }
    ofTheHost = { secret: 'of the host' };
    expect(await signUp()).to.match(/^[0-9a-f-]{36}$/);
  });

  it('stands in every line of the request: of verifying, of a limit, of a failure', async () => {
    const { token } = await signedUp(host);
    const headers = { 'X-Request-Id': 'the-same', 'Content-Type': 'application/json' };
    const post = (path: string, body: object) =>
      fetch(new URL(path, host.url), { method: 'POST', headers, body: JSON.stringify(body) });
    host.lines.length = 0;
    expect((await post('/api/v1/auth/verify-email', { token })).status).to.equal(200);
    const resend = () => post('/api/v1/auth/resend-verification', { email: 'nobody@example.com' });
    const answers = [(await resend()).status, (await resend()).status, (await resend()).status];
    expect(answers).to.deep.equal([200, 429, 429]);
    const events = host.lines.map(({ event, requestId }) => [event, requestId]);
    expect(events).to.deep.include(['user.verified', 'the-same']);
    expect(events).to.deep.include(['rate-limit.exceeded', 'the-same']);
    expect(events.filter(([event]) => event === 'rate-limit.exceeded')).to.have.lengthOf(1);
    expect(events.filter(([, id]) => id !== 'the-same')).to.deep.equal([]);
  });
});
