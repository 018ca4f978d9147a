import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Sequelize } from 'sequelize';
import { checkSettings } from '../../../src/cli/doctor/check-settings.js';
import { inspectSettings, readSettings } from '../../../src/cli/settings/options-from-env.js';
import type { FluentMeetOptions } from '../../../src/options/options.js';
import { createMigratedInstance, testSecret, type TestInstance } from '../../fluentmeet/test-instance.js';
import { freePorts } from '../../support/processes.js';
import { runCli } from '../run-cli.js';

/** For modules in a folder without node_modules. */
const sequelizeModule = pathToFileURL(createRequire(import.meta.url).resolve('sequelize')).href;

describe('--config', () => {
  let instance: TestInstance & { url: string };
  let cwd: string;
  before(async () => {
    instance = await createMigratedInstance();
    await instance.query('create table teams (owner bigint references users (id))');
    cwd = await mkdtemp(path.join(tmpdir(), 'config-'));
    await writeFile(
      path.join(cwd, 'host.mjs'),
      `export default {
        hooks: {
          beforeSignUp({ email, operator }) {
            if (email.startsWith('mallory')) throw new Error(operator ? 'not even by an operator' : 'no');
          },
          onVerified: ({ id }, { transaction }) =>
            transaction.sequelize.query('insert into teams values (' + id + ')', { transaction }),
          onRemoved: ({ id }, { transaction }) =>
            transaction.sequelize.query('delete from teams where owner = ' + id, { transaction }),
        },
        languages: ['en', 'fr'],
      };`,
    );
    await writeFile(path.join(cwd, 'none.mjs'), 'export const hooks = {};');
    await writeFile(path.join(cwd, 'broken.mjs'), 'throw new Error("no such thing");');
    await writeFile(path.join(cwd, 'wrong.mjs'), 'export default { hooks: { onVerfied() {} } };');
    await writeFile(path.join(cwd, 'instance.mjs'), 'export default { async migrate() {}, models: {} };');
    await writeFile(path.join(cwd, 'mails.mjs'), 'export default { publisher() {} };');
  });
  after(async () => {
    await instance.stop();
    await rm(cwd, { recursive: true });
  });

  const run = (args: string[], env: Record<string, string> = {}, stdin?: string) =>
    runCli(args, {
      cwd,
      env: {
        DATABASE_URL: instance.url,
        FLUENTMEET_SECRET: testSecret,
        FLUENTMEET_PUBLIC_URL: 'https://app.example.com',
        FLUENTMEET_BCRYPT_COST: '4',
        ...env,
      },
      ...(stdin === undefined ? {} : { stdin }),
    });
  const teams = async () => (await instance.query('select from teams')).length;

  it("gives an operator's commands the hooks of the host: verify, erase, register", async () => {
    const ada = await instance.register('ada');
    expect((await run(['--config', 'host.mjs', 'users', 'verify', ada.email])).code).to.equal(0);
    expect(await teams()).to.equal(1);
    const held = await run(['users', 'erase', ada.email, '--yes']);
    expect(held.code).to.equal(1);
    expect(held.stderr).to.contain('teams_owner_fkey');
    const erased = await run(['users', 'erase', ada.email, '--yes'], { FLUENTMEET_CONFIG: './host.mjs' });
    expect(erased.code, erased.stderr).to.equal(0);
    expect(await teams()).to.equal(0);
    const refused = await run(
      [
        'register',
        '--config',
        'host.mjs',
        '--email',
        'mallory@example.com',
        '--password-stdin',
        '--no-input',
      ],
      {},
      'a quiet lighthouse keeper',
    );
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('beforeSignUp').and.contain('not even by an operator');
  });

  it('names the commands that come next with itself, in sentences, results, findings and errors', async () => {
    const ada = await instance.register('next');
    const hosts = ['--config', './host.mjs'];
    const paused = await run([...hosts, 'relay', 'pause', '--reason', 'moving']);
    expect(paused.stderr).to.contain('To end it: fluentmeet --config ./host.mjs relay resume');
    const explained = await run([...hosts, 'users', 'explain', ada.email, '--json']);
    expect(explained.json<{ advice: string[] }>().advice).to.deep.equal([
      'It goes out by itself after: fluentmeet --config ./host.mjs relay resume',
    ]);
    const doctor = await run([...hosts, 'doctor', '--json']);
    const { checks } = doctor.json<{ checks: { check: string; advice: string }[] }>();
    const { advice } = checks.find(({ check }) => check === 'relay')!;
    expect(advice).to.equal('End it: fluentmeet --config ./host.mjs relay resume');
    const lost = await run([...hosts, 'users', 'list'], { FLUENTMEET_DATABASE_SCHEMA: 'nowhere' });
    expect(lost.stderr).to.contain('fluentmeet --config ./host.mjs migrate up');
    const byVariable = await run(['relay', 'resume'], { FLUENTMEET_CONFIG: './host.mjs' });
    expect(byVariable.code).to.equal(0);
  });

  it('takes options, and says so where it is given an instance', async () => {
    const { code, stderr } = await run(['--config', 'instance.mjs', 'users', 'list']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('--config exports an instance, not the options of one');
  });

  it('lets a host with a publisher have an SMTP_URL of its own', async () => {
    const { email } = await instance.register('grace');
    const env = { SMTP_URL: 'smtp://mail.example.com' };
    const { code, stderr } = await run(['--config', 'mails.mjs', 'users', 'explain', email], env);
    expect(code, stderr).to.equal(0);
    expect((await run(['users', 'explain', email], env)).stderr).to.contain('MAIL_FROM');
  });

  describe('with a Sequelize of the host as its database', () => {
    let modules = 0;
    /** A module for each run, since a run ends with its database closed. */
    async function runHostsWith(publisher: string, url: string, ...args: string[]) {
      const file = path.join(cwd, `own-sequelize-${++modules}.mjs`);
      await writeFile(
        file,
        `import { Sequelize } from ${JSON.stringify(sequelizeModule)};
        export default {
          database: new Sequelize(${JSON.stringify(url)}, { logging: false }),
          databaseSchema: 'hosts',
          publicUrl: 'https://app.example.com',
          secret: ${JSON.stringify(testSecret)},
          signup: 'invite',
          brand: { name: 'Ours' },
          publisher: ${publisher},
        };`,
      );
      const { default: options } = (await import(pathToFileURL(file).href)) as { default: FluentMeetOptions };
      const run = await runCli(['--config', file, ...args], { cwd });
      return { ...run, database: options.database as Sequelize };
    }

    const runHosts = (url: string, ...args: string[]) => runHostsWith('() => {}', url, ...args);

    it('migrates, and doctor says what the module gives', async () => {
      const up = await runHosts(instance.url, 'migrate', 'up');
      expect(up.code, up.stderr).to.equal(0);
      const doctor = await runHosts(instance.url, 'doctor', '--json');
      expect(doctor.code, doctor.stderr).to.equal(0);
      const { checks } = doctor.json<{ checks: { check: string; message: string }[] }>();
      const said = (check: string) => checks.find((one) => one.check === check)?.message;
      const { hostname, port } = new URL(instance.url);
      expect(said('database')).to.contain(`at ${hostname}:${port} answers`);
      expect(said('clock')).to.contain('agree');
      expect(said('schema')).to.contain('"hosts"');
      expect(said('FLUENTMEET_DATABASE_SCHEMA')).to.equal("given by the host's module: hosts");
      expect(said('FLUENTMEET_SIGNUP')).to.equal("given by the host's module: invite");
      expect(said('FLUENTMEET_BRAND_NAME')).to.equal("given by the host's module: Ours");
      expect(said('FLUENTMEET_SECRET')).to.equal("given by the host's module");
      expect(said('FLUENTMEET_PROOF')).to.equal('not set; link');
    });

    it('makes an invite, and says what its link goes by', async () => {
      const { stderr, code } = await runHosts(instance.url, 'invites', 'create');
      expect(code, stderr).to.equal(0);
      expect(stderr).to.contain('https://app.example.com/signup?invite=').and.contain('brand.signupUrl');
      expect(stderr).not.to.contain('Signup is');
    });

    it("lets doctor ask the host's publisher", async () => {
      const ask = async (publisher: string) => {
        const { code, stdout } = await runHostsWith(publisher, instance.url, 'doctor');
        return `${code} ${stdout.split('\n').find((line) => line.includes('\tpublisher\t'))}`;
      };
      expect(await ask('() => {}'))
        .to.contain('0 ok\t')
        .and.contain('has no check');
      expect(await ask('{ async publish() {}, async check() {} }'))
        .to.contain('0 ok\t')
        .and.contain('is ready');
      // A relay elsewhere publishes: nothing is missing here.
      expect(await ask("'none'")).to.equal('0 undefined');
      expect(await ask("{ async publish() {}, async check() { throw new Error('no queue') } }"))
        .to.contain('4 fail\t')
        .and.contain('not ready: no queue');
    });

    it('leaves no connection behind that would keep the process', async () => {
      const { database, code, stderr } = await runHosts(instance.url, 'users', 'list');
      expect(code, stderr).to.equal(0);
      const again = database.query('select 1').then(
        () => 'open',
        () => 'closed',
      );
      expect(await again).to.equal('closed');
    });

    it('says that the database is away as it does of a connection string', async () => {
      const [port] = await freePorts(1);
      const { code, stdout } = await runHosts(`postgres://nobody@127.0.0.1:${port}/none`, 'doctor');
      expect(code).to.equal(4);
      expect(stdout).to.contain(`nothing listens at 127.0.0.1:${port}`);
    });
  });

  it('says what is wrong with the module, without a stack', async () => {
    for (const [file, words] of [
      ['missing.mjs', 'cannot be loaded'],
      ['broken.mjs', 'no such thing'],
      ['none.mjs', 'no options as its default export'],
      ['wrong.mjs', 'onVerfied'],
    ] as const) {
      const { code, stderr } = await run(['--config', file, 'users', 'list']);
      expect(code, file).to.equal(2);
      expect(stderr, file).to.contain(words).and.not.contain('    at ');
    }
  });
});

describe("the host's options under those of the environment", () => {
  const io = { cwd: tmpdir(), env: {} };
  const request = {
    groups: ['database', 'links', 'emails', 'signup', 'server', 'kafka'],
    required: ['DATABASE_URL', 'FLUENTMEET_SECRET', 'FLUENTMEET_PUBLIC_URL', ['KAFKA_BROKERS', 'SMTP_URL']],
  } as const;
  const hostOptions = {
    database: 'postgres://host@localhost/host',
    secret: testSecret,
    publicUrl: 'https://host.example.com',
    publisher: async () => {},
    rateLimits: { verify: 7 },
    hashConcurrency: 1,
  };

  it('need no variable for what they say', () => {
    const { options } = readSettings({ ...io, hostOptions }, request);
    expect(options).to.include(hostOptions);
  });

  it('do not stand for the mail server of a command that sends mails itself', () => {
    const { faults } = inspectSettings(
      { ...io, env: { MAIL_FROM: 'a@b.c' }, hostOptions },
      { groups: ['kafka', 'emails'], required: ['KAFKA_BROKERS', 'SMTP_URL', 'MAIL_FROM'] },
    );
    expect(faults.map(({ variable }) => variable)).to.deep.equal(['KAFKA_BROKERS', 'SMTP_URL']);
  });

  it('give way to a variable, and stay as they were', () => {
    const env = {
      DATABASE_URL: 'postgres://env@localhost/env',
      FLUENTMEET_SIGNUP_RATE_LIMIT: '3',
      KAFKA_BROKERS: 'localhost:9092',
    };
    const { options } = readSettings({ ...io, env, hostOptions }, request);
    expect(options).to.deep.include({
      database: env.DATABASE_URL,
      publicUrl: 'https://host.example.com',
      rateLimits: { verify: 7, signup: 3 },
      kafka: { brokers: ['localhost:9092'] },
    });
    expect(options.publisher).to.equal(undefined);
    expect(hostOptions.rateLimits).to.deep.equal({ verify: 7 });
  });

  it('are named as the module has them where they are wrong, and as the variable where that is', () => {
    const wrong = {
      ...hostOptions,
      passwordBlocklist: 3,
      brand: { colour: 'red-ish' },
      nonsense: 1,
    } as never;
    const faultsOf = (env: Record<string, string>) =>
      inspectSettings({ ...io, env, hostOptions: wrong }, request).faults.map(({ variable }) => variable);
    expect(faultsOf({})).to.have.members(['passwordBlocklist', 'brand.colour', '--config']);
    expect(
      faultsOf({ FLUENTMEET_PASSWORD_BLOCKLIST: 'on', FLUENTMEET_BRAND_COLOUR: 'blue-ish' }),
    ).to.have.members(['FLUENTMEET_BRAND_COLOUR', '--config']);
    const advice = 'Put it right in the module that --config or FLUENTMEET_CONFIG names.';
    expect(() => readSettings({ ...io, hostOptions: wrong }, request))
      .to.throw()
      .with.property('advice', advice);
    const failed = checkSettings({ ...io, hostOptions: wrong }).filter(({ status }) => status === 'fail');
    expect(failed.map(({ check }) => check)).to.have.members([
      'passwordBlocklist',
      'brand.colour',
      '--config',
    ]);
  });

  it('are checked for production as well', () => {
    const { faults } = inspectSettings(
      { ...io, hostOptions: { ...hostOptions, bcryptCost: 4 } },
      { ...request, production: true },
    );
    expect(faults.map(({ variable }) => variable)).to.deep.equal(['FLUENTMEET_BCRYPT_COST']);
  });
});
