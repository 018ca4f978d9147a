import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { ourTables } from '../../src/database/tables.js';
import { until } from '../fluentmeet/test-instance.js';
import { repository } from '../packaging/install-package.js';
import { createDatabase } from '../support/postgres.js';
import { type Examples, installExamples, type RunningExample, secret } from './start-example.js';

const password = 'MyStr0ngP@ss!';

interface Tried {
  host: RunningExample;
  home: string;
  databaseUrl: string;
  query<Row extends object>(sql: string, bind?: unknown[]): Promise<Row[]>;
}

/** Each as it stands in the repository, on the packed package. Those that want a registry are in registry-examples.ts. */
describe('the examples', function () {
  this.timeout(120_000);
  let examples: Examples;

  before(async () => {
    examples = await installExamples([
      'cors',
      'express-session',
      '@types/express',
      '@types/express-serve-static-core',
      '@types/node',
      '@types/validator',
    ]);
  });
  after(() => examples?.remove());

  /** Starts one on a database of its own, and expects it to end as it should. */
  async function tryOut(
    name: string,
    work: (tried: Tried) => Promise<void>,
    {
      linked = {},
      place = () => examples.copy(name, linked),
      prepare = async () => 'app.js',
    }: Partial<Preparation> = {},
  ): Promise<void> {
    const { url: databaseUrl, drop } = await createDatabase();
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      const home = await place();
      const host = await examples.start(home, databaseUrl, await prepare(home));
      const query = async <Row extends object>(sql: string, bind: unknown[] = []) =>
        (await client.query<Row>(sql, bind)).rows;
      await work({ host, home, databaseUrl, query });
      expect(await host.stop(), host.output()).to.deep.equal([0, null]);
      expect(host.output()).not.to.match(/MyStr0ng|Warning/);
    } finally {
      await client.end();
      await drop();
    }
  }

  interface Preparation {
    /** Packages of its own, by those of the repository. */
    linked: Readonly<Record<string, string>>;
    /** In the place of a copy. */
    place: () => Promise<string>;
    /** Resolves with what is started. */
    prepare: (home: string) => Promise<string>;
  }

  /** Signs up, and opens the link that the example prints, for it has no Kafka. */
  async function signUpAndOpen({ url, output }: RunningExample, path = '/api/v1/auth') {
    const signup = await post(`${url}${path}/signup`, { email: 'ada@example.com', password });
    expect(signup.status, await signup.clone().text()).to.equal(201);
    const { id } = (await signup.clone().json()) as { id: number };
    const mail = new RegExp(
      `^mail to ada@example.com: http://localhost:\\d+(${path}/verify-email\\S+)$`,
      'm',
    );
    await until(() => mail.test(output()), 'the mail is printed');
    const link = `${url}${mail.exec(output())?.[1]}`;
    const page = await fetch(link, { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()].join()).to.match(/^200,.*<form/s);
    return { link, signup, id };
  }

  const verify = async (link: string) => {
    const { status } = await fetch(link, { headers: { accept: 'application/json' } });
    expect(status).to.equal(200);
  };

  it('express-5: beside models and users of its own', () =>
    tryOut('express-5', async ({ host, query }) => {
      const { link, id } = await signUpAndOpen(host);
      const meetings = () => fetch(`${host.url}/meetings`, { headers: { 'x-account-id': String(id) } });
      const before = await meetings();
      expect([before.status, ((await before.json()) as { code: string }).code]).to.deep.equal([
        403,
        'EMAIL_NOT_VERIFIED',
      ]);
      await verify(link);
      expect((await meetings()).status).to.equal(200);

      const employee = { email: 'grace@example.com', password, department: 'Compilers' };
      expect((await post(`${host.url}/employees`, employee)).status).to.equal(201);
      expect((await post(`${host.url}/employees`, employee)).status).to.equal(409);
      const failing = { email: 'rolled-back@example.com', password };
      expect((await post(`${host.url}/employees`, failing)).status).to.equal(500);
      const kept = await query<{ email: string }>('select email from fluentmeet.users order by id');
      expect(kept.map(({ email }) => email)).to.deep.equal(['ada@example.com', 'grace@example.com']);

      const own = await query('select "department" from public.users');
      expect(own, "the host's table is the host's").to.deep.equal([{ department: 'Compilers' }]);
      const tables = await query<{ name: string }>(
        `select table_schema || '.' || table_name as name from information_schema.tables
         where table_schema in ('public', 'fluentmeet') order by 1`,
      );
      const ours = [...ourTables, 'fluentmeet_migrations'].map((table) => `fluentmeet.${table}`);
      expect(tables.map(({ name }) => name)).to.have.members([...ours, 'public.users']);
    }));

  it('commonjs: by require', () =>
    tryOut('commonjs', async ({ host }) => {
      await signUpAndOpen(host);
    }));

  it('express-4: behind parsers of its own, at a path of its own, with the page', () =>
    tryOut(
      'express-4',
      async (tried) => {
        const { host } = tried;
        const { link } = await signUpAndOpen(host, '/account');
        const logIn = (secretOfAda: string) =>
          post(`${host.url}/login`, { email: 'ada@example.com', password: secretOfAda });
        expect((await logIn(password)).status, 'unverified').to.equal(401);
        await verify(link);
        expect((await logIn(password)).status).to.equal(200);
        for (let failure = 0; failure < 10; failure++) await logIn('wrong');
        const refused = await logIn('wrong');
        expect(refused.status, 'and the process goes on').to.equal(429);
        expectRetryAfter(refused);
        await expectFailureInLog(tried, () => logIn(password));
        const page = await fetch(`${host.url}/join`);
        expect([page.status, await page.text()].join()).to.match(/^200,.*<form/s);
        const elsewhere = await fetch(`${host.url}/account/nothing`);
        expect([elsewhere.status, await elsewhere.text()]).to.deep.equal([404, 'not here']);
      },
      { linked: { express: 'express4' } },
    ));

  it('commonjs-typescript: compiled under strict, then by require', () =>
    tryOut(
      'commonjs-typescript',
      async ({ host }) => {
        const { link, id } = await signUpAndOpen(host);
        const again = await post(`${host.url}/members`, { email: 'ada@example.com', password });
        expect([again.status, await again.json()]).to.deep.equal([409, { code: 'EMAIL_ALREADY_REGISTERED' }]);
        await verify(link);
        const meetings = await fetch(`${host.url}/meetings`, { headers: { 'x-account-id': String(id) } });
        expect(meetings.status).to.equal(200);
      },
      {
        async prepare(home) {
          const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
          const { code, stdout } = await examples.run(home, [tsc, '--pretty', 'false']);
          expect(code, stdout).to.equal(undefined);
          return 'dist/app.js';
        },
      },
    ));

  it('own-models: rows of the host’s come with the verification, and go with the account or hold it', () =>
    tryOut('own-models', async ({ host, home, databaseUrl, query }) => {
      const { link, id } = await signUpAndOpen(host);
      const users = async () => (await fetch(`${host.url}/users`)).json();
      expect(await users()).to.deep.equal([]);
      await verify(link);
      expect(await users()).to.deep.equal([{ accountId: String(id), plan: 'free' }]);

      const bin = path.resolve(home, '../node_modules/@fluentmeet/signup/dist/bin/fluentmeet.js');
      const env = {
        DATABASE_URL: databaseUrl,
        FLUENTMEET_DATABASE_SCHEMA: 'fluentmeet',
        FLUENTMEET_SECRET: secret,
      };
      const erase = ['users', 'erase', 'ada@example.com', '--yes'];
      const held = await examples.run(home, [bin, ...erase], env);
      expect(held.code, held.stderr).to.equal(1);
      expect(held.stderr).to.contain('users_accountId_fkey').and.contain('--config');
      expect(await users()).to.have.length(1);
      const erased = await examples.run(home, [bin, '--config', './signup.config.js', ...erase], env);
      expect(erased.code, erased.stderr).to.equal(undefined);
      expect(await users()).to.deep.equal([]);
      expect(await query('select id from fluentmeet.users')).to.deep.equal([]);
    }));

  it('single-page-app: at another origin', () =>
    tryOut('single-page-app', async ({ host }) => {
      const origin = 'http://localhost:5173';
      const preflight = await fetch(`${host.url}/api/v1/auth/signup`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
      expect(preflight.status).to.equal(204);
      expect(preflight.headers.get('access-control-allow-origin')).to.equal(origin);
      expect(preflight.headers.get('access-control-allow-headers')).to.equal('content-type');
      const { signup } = await signUpAndOpen(host);
      expect(signup.headers.get('access-control-allow-origin')).to.equal(origin);
    }));

  it('login: a session', () =>
    tryOut('login', async (tried) => {
      const { host } = tried;
      const { link } = await signUpAndOpen(host);
      const login = (word: string) => post(`${host.url}/login`, { email: 'ada@example.com', password: word });
      expect((await login('not this one')).status).to.equal(401);
      const cookie = async () => (await login(password)).headers.get('set-cookie')!.split(';')[0]!;
      const meetings = async () =>
        (await fetch(`${host.url}/meetings`, { headers: { cookie: await cookie() } })).status;
      expect(await meetings()).to.equal(403);
      await verify(link);
      expect(await meetings()).to.equal(200);
      expect((await fetch(`${host.url}/meetings`)).status).to.equal(403);
      for (let failure = 0; failure < 10; failure++) await login('wrong');
      expectRetryAfter(await login('wrong'));
      await expectFailureInLog(tried, () => login(password));
    }));

  it('two-tenants: who share nothing', () =>
    tryOut('two-tenants', async ({ host }) => {
      const open = (tenant: string) => signUpAndOpen(host, `/${tenant}/api/v1/auth`);
      const { link } = await open('acme');
      await open('globex');
      const elsewhere = await fetch(link.replace('/acme/', '/globex/'), {
        headers: { accept: 'application/json' },
      });
      expect([elsewhere.status, ((await elsewhere.json()) as { code: string }).code]).to.deep.equal([
        400,
        'INVALID_TOKEN',
      ]);
    }));

  let built: Promise<string> | undefined;
  const bundled = async () => {
    const home = await examples.copy('esbuild', { esbuild: 'esbuild' });
    const { code, stderr } = await examples.run(home, ['build.js']);
    expect(code, stderr).to.equal(undefined);
    return home;
  };
  for (const bundle of ['dist/app.mjs', 'dist/app.cjs']) {
    it(`esbuild: ${bundle}, away from the packages that it was made of`, () =>
      tryOut(
        'esbuild',
        async ({ host }) => {
          await signUpAndOpen(host);
          const document = (await (await fetch(`${host.url}/openapi.json`)).json()) as { openapi: string };
          expect(document.openapi).to.equal('3.1.0');
        },
        {
          place: () => (built ??= bundled()),
          prepare: (home) =>
            examples.deploy(home, bundle, ['bcrypt', 'node-gyp-build', 'language-subtag-registry']),
        },
      ));
  }
});

function expectRetryAfter({ headers }: Response): void {
  expect(Date.parse(headers.get('retry-after') ?? '')).to.be.greaterThan(Date.now());
}

/** A log-in without the table that failures are counted in: what the database says must not be lost. */
async function expectFailureInLog(
  { host, query }: Pick<Tried, 'host' | 'query'>,
  logIn: () => Promise<Response>,
): Promise<void> {
  await query('alter table mailbox_counts rename to away');
  expect((await logIn()).status).to.equal(500);
  await until(() => /DatabaseError.*[^]*42P01/.test(host.output()), 'the failure is logged');
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
