import { expect } from 'chai';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { freePorts } from '../../support/processes.js';
import { query } from '../query.js';
import { runCli } from '../run-cli.js';

/** Each command with what it needs to run; `ok` is its exit code on the data below. */
const commands: readonly { args: string[]; json?: false; ok?: number }[] = [
  { args: ['users', 'list'] },
  { args: ['users', 'show', '1'] },
  { args: ['users', 'explain', '1'] },
  { args: ['users', 'verify', '2'] },
  { args: ['users', 'deactivate', '2', '--yes'] },
  { args: ['users', 'activate', '2'] },
  { args: ['users', 'purge-unverified', '--dry-run'] },
  { args: ['users', 'purge-unverified', '--yes'] },
  { args: ['emails', 'list'] },
  { args: ['emails', 'show', '1'] },
  { args: ['emails', 'replay', '--all', '--dry-run'] },
  { args: ['emails', 'replay', '1'] },
  { args: ['emails', 'prune', '--yes'] },
  { args: ['tokens', 'revoke-all', '--yes'] },
  { args: ['invites', 'list'] },
  { args: ['invites', 'create'] },
  { args: ['invites', 'revoke', '1'] },
  { args: ['seed', '--count', '3'] },
];

/** Would clear the screen, set the title, forge a line, and turn text around. */
const hostile = '\u001b[2J\u001b]0;owned\u0007 x\nforged\tline \u202eevil\u0085';

/** What of it may not be printed; the progress bar's own `ESC [ K` may. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const unsafe = /[\u0085\u202e\u0007]|\u001b(?!\[K)/;

describe("the operators' commands", () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  before(async () => {
    database = await createDatabase();
    env = { DATABASE_URL: database.url, FLUENTMEET_BCRYPT_COST: '4' };
    await runCli(['migrate', 'up'], { env });
  });
  after(() => database.drop());
  beforeEach(async () => {
    await query(database.url, 'truncate users, invites restart identity cascade');
    for (const id of [1, 2]) {
      await query(
        database.url,
        `with u as (
           insert into users (email, hashed_password, full_name, speaking_language)
           values ($1, '$2b$04$hash', $2, 'en') returning id
         )
         insert into email_outbox (event_id, user_id, template, status, attempts, last_error)
         select gen_random_uuid(), id, 'verification', 'dead', 10, $2 from u`,
        [`person${id}@example.com`, hostile],
      );
    }
    await query(
      database.url,
      `insert into invites (token_hash, expires_at, note) values ('\\x00', now() + interval '1 day', $1)`,
      [hostile],
    );
    await query(database.url, 'alter sequence email_outbox_id_seq restart with 3');
  });
  // Truncating restarts the identities of the tables it names alone.
  beforeEach(() => query(database.url, 'update email_outbox set id = user_id'));

  for (const { args } of commands) {
    describe(args.join(' '), () => {
      for (const terminal of [false, true]) {
        it(`does its work ${terminal ? 'on a terminal' : 'in a pipe'}, and lets nothing hostile through`, async () => {
          const streams = { stdout: terminal, stderr: terminal };
          const { code, stdout, stderr } = await runCli(args, {
            env: { ...env, NO_COLOR: '1' },
            terminal: streams,
          });
          expect(stderr).not.to.contain('error:');
          expect(code).to.equal(0);
          expect(stdout + stderr).not.to.match(unsafe);
          expect(stdout).not.to.match(/^forged/m);
          expect(stdout + stderr)
            .not.to.contain('person1@example.com')
            .and.not.contain('$2b$');
        });
      }

      it('prints one JSON document with --json, and nothing else on stdout', async () => {
        const run = await runCli([...args, '--json'], { env, terminal: { stdout: true } });
        expect(run.code).to.equal(0);
        expect(run.json<object>()).to.be.an('object');
        expect(run.stdout).not.to.match(unsafe);
      });

      it('has every key of it in its help, or in that of the list to which the help points', async () => {
        const names = args.filter((arg) => /^[a-z]/.test(arg));
        const own = await runCli([...names, '--help']);
        const list = own.stdout.includes(`"${names[0]} list"`)
          ? await runCli([names[0]!, 'list', '--help'])
          : undefined;
        const keys = Object.keys((await runCli([...args, '--json'], { env })).json<object>());
        for (const key of keys) expect(own.stdout + (list?.stdout ?? '')).to.contain(`"${key}"`);
      });

      it('exits with 2 for a wrong flag, and names it', async () => {
        const { code, stdout, stderr } = await runCli([...args, '--wrong'], { env });
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.contain('--wrong');
      });

      it('exits with 2 without its settings, and names them', async () => {
        const { code, stdout, stderr } = await runCli(args, { env: {} });
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.contain('DATABASE_URL');
      });

      it('exits with 4 while the database is away, in one line without a stack', async () => {
        const [port] = await freePorts(1);
        const away = { ...env, DATABASE_URL: `postgres://ada:hunter2@127.0.0.1:${port}/nowhere` };
        const { code, stdout, stderr } = await runCli(args, { env: away });
        expect({ code, stdout }).to.deep.equal({ code: 4, stdout: '' });
        expect(stderr).to.contain('fluentmeet doctor').and.not.contain('hunter2');
        expect(stderr).not.to.match(/^\s+at /m);
      });
    });
  }

  it('say what to do where the tables are missing', async () => {
    const empty = await createDatabase();
    for (const { args } of commands) {
      const { code, stderr } = await runCli(args, { env: { ...env, DATABASE_URL: empty.url } });
      expect(code, args.join(' ')).to.equal(1);
      expect(stderr, args.join(' ')).to.contain('fluentmeet migrate up');
    }
    await empty.drop();
  });

  it('exit with 1 for what is not there, and with 2 for what cannot be', async () => {
    const missing = [
      ['users', 'show', '99'],
      ['users', 'show', 'nobody@example.com'],
      ['users', 'verify', '99'],
      ['users', 'deactivate', '99', '--yes'],
      ['emails', 'show', '99'],
      ['emails', 'replay', '99'],
      ['invites', 'revoke', '99'],
    ];
    for (const args of missing) {
      const { code, stdout, stderr } = await runCli(args, { env });
      expect(code, args.join(' ')).to.equal(1);
      expect(stderr + stdout, args.join(' ')).to.match(/there is no/i);
    }
    const wrong = [
      ['users', 'show', 'no address'],
      ['users', 'list', '--verified', '--unverified'],
      ['users', 'list', '--limit', '0'],
      ['users', 'list', '--since', 'yesterday'],
      ['emails', 'show', 'x'],
      ['emails', 'list', '--status', 'lost'],
      ['emails', 'replay', '1', '--all'],
      ['emails', 'replay', '--email', 'a@example.com', '--email', 'b@example.com'],
      ['emails', 'list', '--limit', '5', '--status', 'dead', '--limit', '6'],
      ['emails', 'prune', '--status', 'pending', '--yes'],
      ['invites', 'create', '--expires', 'soon'],
      ['invites', 'create', '--email', 'no address'],
      ['seed', '--verified', '2'],
      ['seed', '--languages', 'xx'],
      ['seed', '--password', 'in an argument'],
    ];
    for (const args of wrong) {
      const { code, stdout, stderr } = await runCli(args, { env });
      expect({ code, stdout }, args.join(' ')).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr, args.join(' ')).to.match(/^error: /m);
      expect(stderr).not.to.contain('in an argument');
    }
  });

  it('name the missing flag where nobody can be asked', async () => {
    for (const args of [
      ['tokens', 'revoke-all'],
      ['users', 'purge-unverified'],
      ['emails', 'prune'],
      ['emails', 'replay'],
      ['seed', '--ask-password'],
    ]) {
      for (const options of [
        { env },
        { env: { ...env, CI: '1' }, terminal: { stdin: true, stdout: true, stderr: true } },
      ]) {
        const { code, stderr } = await runCli(args, options);
        expect(code, args.join(' ')).to.equal(2);
        expect(stderr, args.join(' ')).to.match(/missing .*--(yes|all|password-stdin)/);
      }
    }
  });

  it('show addresses in full with --reveal alone', async () => {
    for (const args of [
      ['users', 'list'],
      ['users', 'show', '1'],
      ['emails', 'list'],
      ['emails', 'replay', '--all', '--dry-run'],
    ]) {
      expect((await runCli([...args, '--reveal'], { env })).stdout, args.join(' ')).to.contain(
        'person1@example.com',
      );
    }
  });

  it('point to the next page', async () => {
    const { stdout, stderr } = await runCli(['users', 'list', '--limit', '1'], { env });
    expect(stdout.trimEnd().split('\n')).to.have.lengthOf(1);
    expect(stderr).to.contain('fluentmeet users list --limit 1 --before 2');
    expect((await runCli(['users', 'list', '--before', '2'], { env })).stdout).to.match(/^1\t/);
    const json = await runCli(['users', 'list', '--limit', '1', '--json'], { env });
    expect(json.json()).to.deep.include({ next: 2 });
    expect(json.stderr).to.contain('There are more: fluentmeet users list --limit 1 --before 2');
  });

  it('point to the next page of what was asked for', async () => {
    await query(database.url, `update email_outbox set last_error = 'is too large'`);
    const filters = ['--since', '2026-01-01T00:00Z', '--domain', 'example.com', '--error', 'too large'];
    const { stderr } = await runCli(['emails', 'list', ...filters, '--limit', '1'], { env });
    expect(stderr).to.match(
      /fluentmeet emails list --since 2026-01-01T00:00:00.000Z --domain example.com --error 'too large' --limit 1 --before \d+$/m,
    );
    const users = await runCli(['users', 'list', '--active', '--domain', 'example.com', '--limit', '1'], {
      env,
    });
    expect(users.stderr).to.contain(
      'fluentmeet users list --active --domain example.com --limit 1 --before 2',
    );
  });
});
