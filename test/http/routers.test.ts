import { expect } from 'chai';
import cors from 'cors';
import express from 'express';
import { InvalidOptionsError } from '../../src/errors.js';
import {
  authRouter,
  resendVerificationRouter,
  signupPage,
  signupRouter,
  verifyEmailRouter,
} from '../../src/http/index.js';
import {
  createInstance,
  type ExpressVersion,
  expressVersions,
  freshAddress,
  migratedDatabase,
  password,
  postJson,
  startHost,
  stopAll,
} from './test-host.js';

const preflight = {
  origin: 'https://spa.example.com',
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'content-type',
};

it('hands out routers of Express itself', async () => {
  const { fluentmeet } = createInstance(await migratedDatabase());
  for (const make of [authRouter, signupRouter, verifyEmailRouter, resendVerificationRouter]) {
    expect(make(fluentmeet)).to.be.instanceOf(express.Router);
  }
});

it('refuses an option of the page that there is not, and a wrong one', async () => {
  const { fluentmeet } = createInstance(await migratedDatabase());
  const make = (options: object) => () => signupPage(fluentmeet, options);
  expect(make({ look: {} })).to.throw(InvalidOptionsError, /: signupPage: there is no option look$/);
  expect(make({ mailboxUrl: 7 })).to.throw(InvalidOptionsError, /: signupPage\.mailboxUrl: /);
  expect(make({ mailboxUrl: undefined })()).to.be.instanceOf(express.Router);
});

for (const version of Object.keys(expressVersions) as ExpressVersion[]) {
  describe(`the routers on ${version}`, () => {
    let database: string;

    before(async () => {
      database = await migratedDatabase();
    });
    after(stopAll);

    const signUp = (url: string, headers: Record<string, string> = {}) =>
      postJson(url, { email: freshAddress(), password }, headers);

    it('let a host use a router of its own, whose errors are its own', async () => {
      const host = await startHost(database, {
        version,
        configure: (app, fluentmeet) => {
          const router = signupRouter(fluentmeet);
          router.use('/hello', (_req, res) => void res.send('hello'));
          router.use('/broken', () => {
            throw new Error('not ours');
          });
          app.use('/join', router);
        },
      });
      const at = (path: string) => new URL(path, host.url).href;
      expect((await signUp(at('/join'))).status).to.equal(201);
      expect(await (await fetch(at('/join/hello'))).text()).to.equal('hello');
      const broken = await fetch(at('/join/broken'));
      expect([broken.status, await broken.text()]).to.deep.equal([418, 'host: not ours']);
      expect((await signUp(at('/join/other'))).status).to.equal(404);
    });

    it('set the policies of their pages whatever a host set before them, as helmet does', async () => {
      const host = await startHost(database, {
        version,
        before: [
          (_req, res, next) => {
            res.set({
              'content-security-policy': "default-src https:; form-action 'none'",
              'referrer-policy': 'no-referrer',
            });
            next();
          },
        ],
        configure: (app, fluentmeet) => void app.use('/join', signupPage(fluentmeet)),
      });
      for (const url of [new URL('/join', host.url).href, `${host.url}/verify-email?token=none`]) {
        const { headers } = await fetch(url, { headers: { accept: 'text/html' } });
        expect(headers.get('content-security-policy'))
          .to.contain("form-action 'self'")
          .and.not.contain('https:');
        // With no-referrer a browser would send a form with `Origin: null`.
        expect(headers.get('referrer-policy')).to.equal('strict-origin');
      }
    });

    it('give an error from before them to the host', async () => {
      const host = await startHost(database, { version, before: [express.json()] });
      const response = await postJson(`${host.url}/signup`, '{"email":');
      expect(response.status).to.equal(418);
    });

    it('answer as ever where the logger of the host throws', async () => {
      const throwing = () => {
        throw new Error('the logger of the host');
      };
      const host = await startHost('postgres://nobody@127.0.0.1:1/none', {
        version,
        options: { logger: { debug() {}, info() {}, warn: throwing, error: throwing }, bcryptCost: 10 },
      });
      const response = await signUp(`${host.url}/signup`);
      expect(response.status).to.equal(503);
      expect(await response.json()).to.include({ code: 'SERVICE_UNAVAILABLE' });
    });

    it('match in any letter case and with a slash at the end, unless the host is strict', async () => {
      const settings = ['case sensitive routing', 'strict routing'] as const;
      const answers = await Promise.all(
        [[], [settings[0]], [settings[1]], settings].map(async (enabled) => {
          const host = await startHost(database, {
            version,
            configure: (app) => enabled.forEach((setting) => app.enable(setting)),
          });
          const paths = ['/signup', '/SignUp', '/signup/', '/Verify-Email', '/verify-email/', '/signup//'];
          return Promise.all(paths.map(async (path) => (await fetch(host.url + path)).status));
        }),
      );
      expect(answers).to.deep.equal([
        [405, 405, 405, 400, 400, 404],
        [405, 404, 405, 404, 400, 404],
        [405, 405, 404, 400, 404, 404],
        [405, 404, 404, 404, 404, 404],
      ]);
    });

    it('leave a preflight to the cors() of the host, mounted before them or after', async () => {
      const everyPath = version === 'Express 4' ? '*' : '/{*path}';
      const before = await startHost(database, { version, before: [cors({ origin: preflight.origin })] });
      const after = await startHost(database, {
        version,
        configure: (app, fluentmeet) => {
          app.use('/api/v1/auth', authRouter(fluentmeet));
          app.options(everyPath, cors({ origin: preflight.origin }));
        },
      });
      const none = await startHost(database, { version });
      for (const path of ['/signup', '/verify-email', '/resend-verification']) {
        for (const { url } of [before, after]) {
          const response = await fetch(url + path, { method: 'OPTIONS', headers: preflight });
          expect(response.status).to.equal(204);
          expect(response.headers.get('access-control-allow-origin')).to.equal(preflight.origin);
          expect(response.headers.get('access-control-allow-headers')).to.equal('content-type');
        }
        const response = await fetch(none.url + path, { method: 'OPTIONS', headers: preflight });
        expect(response.status, 'a host without CORS').to.equal(404);
        const plain = await fetch(after.url + path, { method: 'OPTIONS' });
        expect([plain.status, plain.headers.has('allow')]).to.deep.equal([204, true]);
      }
    });

    it('expose their headers to scripts of another origin, beside those of the host', async () => {
      const host = await startHost(database, {
        version,
        options: { rateLimits: { signup: 1, verify: 1, resend: 1 } },
        before: [cors({ origin: preflight.origin, exposedHeaders: ['X-Own'] })],
      });
      await signUp(`${host.url}/signup`, { origin: preflight.origin });
      const refused = await signUp(`${host.url}/signup`, { origin: preflight.origin });
      expect(refused.status).to.equal(429);
      const exposed = refused.headers.get('access-control-expose-headers')?.split(', ');
      expect(exposed).to.deep.equal(['X-Own', 'Retry-After', 'RateLimit', 'RateLimit-Policy']);
      for (const name of exposed?.slice(1) ?? []) expect(refused.headers.has(name), name).to.equal(true);
      const away = await startHost('postgres://nobody@127.0.0.1:1/none', { version });
      const unavailable = await signUp(`${away.url}/signup`);
      expect(unavailable.headers.get('retry-after')).to.equal('5');
      expect(unavailable.headers.get('access-control-expose-headers')).to.include('Retry-After');
    });
  });
}
